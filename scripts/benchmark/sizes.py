"""How many bytes a database takes."""

from sqlalchemy import create_engine, text

PAGES = (
    "SELECT (page_count - freelist_count) * page_size "
    "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
)
WHOLE = "SELECT pg_database_size(current_database())"


def taken(url: str) -> int:
    """Bytes, with indexes; what was freed does not count on SQLite."""
    engine = create_engine(url)
    with engine.connect() as connection:
        count: int = connection.execute(text(PAGES if engine.name == "sqlite" else WHOLE)).scalar_one()
    engine.dispose()
    return count
