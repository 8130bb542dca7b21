"""A file is one that the person sent for this form, or that the case has in this field."""

import pytest

from service import forms
from service.errors import Message
from service.forms import SentFile
from tests.forms.asking import field, mistakes


class TestFiles:
    """A file is one that the person sent for this form, or that the case has in this field."""

    PDF = SentFile("1", "surat.pdf", "application/pdf", 10)
    JPG = SentFile("2", "foto.JPG", "image/jpeg", 20)

    def test_what_is_written_says_which_document_it_is(self, form):
        written = forms.check(form(field("filepicker")), {}, {"a": ["1"]}, {"a": [self.PDF]})
        assert written == {"a": [{"id": "1", "name": "surat.pdf", "type": "application/pdf", "size": 10}]}

    def test_the_client_is_not_believed_about_a_documents_name_or_type(self, form):
        forged = [{"id": "1", "name": "x.exe", "type": "text/html", "size": 0}]
        written = forms.check(form(field("filepicker")), {}, {"a": forged}, {"a": [self.PDF]})
        assert written["a"][0]["name"] == "surat.pdf"

    def test_what_the_case_has_may_stay(self, form):
        known = {"a": [self.PDF.value()]}
        assert forms.check(form(field("filepicker")), known, {"a": ["1"]}) == known
        assert forms.check(form(field("filepicker")), known, {}) == known

    def test_one_file_unless_several_may_come(self, form):
        files = {"a": [self.PDF, self.JPG]}
        assert mistakes(form(field("filepicker")), {"a": ["1", "2"]}, files=files) == {
            "a": "form.file_single"
        }
        shown = form(field("filepicker", multiple="=banyak"))
        assert len(forms.check(shown, {"banyak": True}, {"a": ["1", "2", "1"]}, files)["a"]) == 2

    @pytest.mark.parametrize(
        ("accept", "accepted"),
        [
            (".pdf", True),
            ("application/pdf", True),
            ("image/*,.PDF", True),
            (".jpg", False),
            ("image/*", False),
            ("{{jenis}}", True),
        ],
    )
    def test_only_the_kinds_that_are_accepted(self, form, accept, accepted):
        shown = form(field("filepicker", accept=accept))
        check = (shown, {"jenis": ".pdf"}, {"a": ["1"]}, {"a": [self.PDF]})
        if accepted:
            assert forms.check(*check)
        else:
            assert mistakes(shown, {"a": ["1"]}, files={"a": [self.PDF]}) == {"a": "form.file_type"}

    def test_an_extension_does_not_hide_what_a_file_is(self, form):
        page = SentFile("3", "surat.pdf", "text/html", 10)
        shown = form(field("filepicker", accept=".pdf"))
        assert mistakes(shown, {"a": ["3"]}, files={"a": [page]}) == {"a": "form.file_type"}

    def test_a_file_that_was_not_kept_is_told_beside_its_field(self, form):
        big = SentFile("x", "video.mp4", "", 0, fault=Message("value.long"))
        shown = form(field("filepicker"))
        assert mistakes(shown, {"a": ["x"]}, files={"a": [big]}) == {"a": "form.file_refused"}
