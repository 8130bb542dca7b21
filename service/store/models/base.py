"""What every table shares: its column types, its names for constraints, its ids and moments."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import DateTime, LargeBinary, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from service import values
from service.errors import InvalidInput


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC and given back in UTC on every database; InvalidInput beyond the years."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} does not say in which zone it is")
        try:
            return value and value.astimezone(UTC)
        except OverflowError as error:
            raise InvalidInput("value.moment") from error

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text that both databases can keep; InvalidInput for NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and values.text(value)


class Values(TypeDecorator[Any]):
    """Process values as JSON text: never a database's own JSON type, which reorders keys."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else values.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else values.loads(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        """By how they are written: for `==` 1, 1.0 and True are one, and the change would be lost."""
        return repr(x) == repr(y)


class Base(DeclarativeBase):
    """Texts have no length limit on either database; ids are text UUIDs."""

    type_annotation_map = {datetime: UtcDateTime, str: Words, bytes: LargeBinary}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def new_id() -> str:
    """A fresh text UUID."""
    return str(uuid4())


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def id_column() -> Mapped[str]:
    return mapped_column(primary_key=True, default=new_id)
