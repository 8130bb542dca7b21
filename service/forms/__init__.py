"""Forms."""

from service.forms.check import check, documents
from service.forms.kinds import SentFile
from service.forms.nodes import FormView
from service.forms.posted import file_field, posted
from service.forms.read import read
from service.forms.schema import Form
from service.forms.view import view

__all__ = ["Form", "FormView", "SentFile", "check", "documents", "file_field", "posted", "read", "view"]
