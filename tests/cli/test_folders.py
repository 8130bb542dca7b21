"""The analyst's folder deploys as one, without what its hidden folders hold."""

import shutil
from pathlib import Path

from sqlalchemy import select

from service.operations import deployments
from service.store.database import Database
from service.store.models import Resource
from tests.cli.conftest import Alur

ROOT = Path(__file__).parent.parent.parent


def test_the_folder_of_sops_deploys_as_one(alur: Alur, kept: Database, tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "bpmn", tmp_path / "bpmn")
    shutil.copytree(ROOT / "forms", folder / "forms")
    assert (folder / ".camunda" / "element-templates").is_dir()
    shutil.copy(folder / "kemenag" / "kartu-pegawai.bpmn", folder / ".camunda" / "lama.bpmn")
    assert alur("deploy", folder, "--name", "SOP").code == 0
    with kept.reading() as session:
        [deployment] = deployments.find(session)
        names = session.scalars(select(Resource.name).where(Resource.deployment_id == deployment.id)).all()
        assert len(deployments.definitions(session)) == 6
    assert "bpmn/kemenag/kartu-pegawai.bpmn" in names
    assert not [name for name in names if ".camunda" in name or name.endswith((".json", ".png"))]
    assert "SOP" in alur("deploy", folder, "--name", "SOP").out
