"""What the tests of forms share: form-js to be asked, and the forms that others made."""

import json
import os
from pathlib import Path

import pytest

from service import forms
from tests.forms import form_js

CORPUS = Path(os.environ.get("ALUR_CORPUS", Path(__file__).parents[3] / "shared/corpus"))


@pytest.fixture(scope="session")
def oracle():
    """form-js 1.23 in jsdom."""
    if missing := form_js.install():
        pytest.skip(missing)
    with form_js.running() as running:
        yield running


@pytest.fixture(scope="session")
def corpus():
    """The forms of camunda-modeler's tests, by name."""
    folder = CORPUS / "camunda-forms"
    if not folder.is_dir():
        pytest.skip("the corpus of forms is not beside the project, and ALUR_CORPUS does not name it")
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.form"))}


@pytest.fixture
def form():
    """Makes a form of components."""

    def make(*components, **properties):
        schema = {"type": "default", "id": "form", "components": list(components), **properties}
        return forms.read(json.dumps(schema).encode(), "form.form")

    return make
