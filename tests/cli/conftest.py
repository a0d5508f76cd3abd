import os
import shutil
import subprocess

import pytest

from base.settings import ROOT


@pytest.fixture(scope="session")
def current_model(tmp_path_factory):
    """A folder with the model of this very code and data, to copy: taken over, or else trained once for all tests."""
    var = tmp_path_factory.mktemp("prepared")
    if (ROOT / "var/models").exists():
        shutil.copytree(ROOT / "var/models", var / "models")
    subprocess.run([ROOT / "banshi", "prepare"], env=os.environ | {"BANSHI_VAR": str(var)}, check=True)
    return var / "models"
