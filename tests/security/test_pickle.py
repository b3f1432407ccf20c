"""Nothing of this program can be made to run by a data file: no pickle, weights as safetensors."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from chat.service import Service
from corpus.errors import DamagedLibraryError
from index.publishing import published, version_folder
from index.versions import check_at_opening, read_manifest

ROOMS = ("chat", "corpus", "index", "retriever", "models", "eval")
# Modules that turn bytes into objects of any kind, thus into code.
_MODULES = frozenset(
    "pickle _pickle cPickle dill cloudpickle joblib marshal shelve jsonpickle yaml".split()
)
_CALLS = frozenset(
    "torch.load torch.save np.save pd.read_pickle read_pickle os.system os.popen eval exec".split()
)
_TRUE = ("allow_pickle", "trust_remote_code", "shell")
_WATCHED = Path(__file__).with_name("watched.py")


def sources() -> list[Path]:
    return [ROOT / "wenzheng.py", *(p for r in ROOMS for p in sorted((ROOT / r).rglob("*.py")))]


def risks(code: str) -> list[str]:
    """Return what in a program could make code of data."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in _MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _MODULES:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            given = {k.arg: k.value for k in node.keywords}
            if name in _CALLS and ast.unparse(given.get("allow_pickle", node)) != "False":
                found.append(name)
            found += [
                f"{name}({a}=…)"
                for a in _TRUE
                if a in given
                and not (isinstance(given[a], ast.Constant) and given[a].value is False)  # type: ignore[attr-defined]
            ]
            if name.endswith(("from_pretrained", "SentenceTransformer", "CrossEncoder")):
                safe = "use_safetensors" in ast.unparse(node) or "Tokenizer" in name
                found += [] if safe else [f"{name} without use_safetensors"]
    return found


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "import torch\ntorch.load('x')",
        "import numpy as np\nnp.load('x', allow_pickle=True)",
        "import subprocess\nsubprocess.run('ls', shell=flag)",
        "AutoModel.from_pretrained('x')",
    ],
)
def test_the_check_itself_sees_a_risk(code: str) -> None:
    assert risks(code)


def test_no_module_of_ours_makes_code_of_data() -> None:
    assert len(sources()) > 150
    # Training, which is never run while serving, may load what it likes of its own making.
    serving = [p for p in sources() if "training" not in p.parts and "peers" not in p.parts]
    found = {str(p.relative_to(ROOT)): risks(p.read_text(encoding="utf-8")) for p in serving}
    assert {path: said for path, said in found.items() if said} == {}


def test_shipped_weights_are_safetensors_and_nothing_else_is_binary() -> None:
    files = [p for p in (ROOT / "models").rglob("*") if p.is_file()]
    kinds = {p.suffix for p in files if "__pycache__" not in p.parts}
    assert kinds <= {".safetensors", ".json", ".jsonl", ".md", ".py", ".svg", ".txt", ".toml"}
    for path in files:
        if path.suffix == ".safetensors":
            with path.open("rb") as file:
                length = int.from_bytes(file.read(8), "little")
                assert isinstance(json.loads(file.read(length)), dict)


def test_serving_and_answering_never_unpickles(data_dir: Path, tmp_path: Path) -> None:
    def watched(*arguments: str) -> list[list[str]]:
        done = subprocess.run(
            [sys.executable, str(_WATCHED), str(data_dir), str(tmp_path / "copy"), *arguments],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
        return found

    kinds = {kind.split(" ")[0] for kind, _ in watched("--check")}
    assert kinds == {"pickle.loads", "pickle.find_class"}
    assert watched() == []


def test_no_file_of_a_version_is_used_with_one_bit_changed(data_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    shutil.copytree(data_dir, folder, ignore=shutil.ignore_patterns("records.sqlite*"))
    number = published(folder)
    assert number is not None
    version = version_folder(folder, number)
    manifest = read_manifest(version)
    paths = [version / name for name in manifest.files if (version / name).stat().st_size]
    assert "vectors.faiss" in {p.name for p in paths}
    for path in sorted(paths, key=lambda p: p.suffix == ".faiss"):  # the vectors last
        whole = path.read_bytes()
        changed = bytearray(whole)
        changed[len(changed) // 2] ^= 1
        path.chmod(0o600)
        path.write_bytes(changed)
        with pytest.raises(DamagedLibraryError, match=path.name):
            check_at_opening(version, manifest)
        if path.suffix != ".faiss":
            path.write_bytes(whole)
    service = Service(folder, "wenzheng-static")
    with pytest.raises(DamagedLibraryError, match=r"vectors\.faiss"):
        service.ask("2021年北仑区的地区生产总值是多少？")
    service.close()
