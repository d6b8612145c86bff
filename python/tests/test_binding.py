"""What our mlx.core does beside computing: names, errors, compiled functions, building."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BUILD, PYTHON, run_python

ROOT = PYTHON.parent


def test_a_name_that_is_not_bound_says_so(ours, tmp_path):
    script = tmp_path / "names.py"
    script.write_text(
        "import mlx.core as mx\n"
        "for holder, name in ((mx, 'grad'), (mx.fft, 'fft'), (mx, 'no_such_name')):\n"
        "    try:\n        getattr(holder, name)\n"
        "    except AttributeError as error:\n        print(error)\n"
    )
    lines = run_python(script, site=ours).splitlines()
    assert lines[0].startswith("mlx.core.grad is part of MLX but not of AkiDB's build")
    assert lines[1].startswith("mlx.core.fft.fft is part of MLX but not of AkiDB's build")
    assert lines[2] == "module 'mlx.core' has no attribute 'no_such_name'"


def test_a_compiled_function_runs_its_python_once_per_shape(ours, tmp_path):
    script = tmp_path / "compiled.py"
    script.write_text(
        "import mlx.core as mx\n"
        "calls = []\n"
        "def f(x):\n    calls.append(x.shape)\n    return mx.exp(x) * 2\n"
        "g = mx.compile(f)\n"
        "for n in (2, 2, 3, 2, 3):\n    assert g(mx.ones(n)).shape == (n,)\n"
        "print(len(calls))\n"
        "noisy = mx.compile(lambda: mx.random.uniform(shape=(4,)))\n"
        "print(noisy().tolist() != noisy().tolist())\n"
    )
    assert run_python(script, site=ours).split() == ["2", "True"]


def test_a_thread_that_was_told_to_stop_is_refused_and_others_are_not(ours, tmp_path):
    script = tmp_path / "stop.py"
    script.write_text(
        "import ctypes, threading\n"
        "import mlx.core as mx\n"
        "twice = mx.compile(lambda x: x * 2)\n"
        "def work(flag):\n"
        "    array = mx.ones(2)\n"
        "    pending = array * 2\n"
        "    twice(array)\n"
        "    ctypes.c_int32.from_address(mx._stop_flag()).value = flag\n"
        "    for step in (lambda: array + 1, lambda: mx.eval(pending), lambda: mx.async_eval(pending), lambda: mx.array(3),\n"
        "                 lambda: pending.tolist(), lambda: twice(array)):\n"
        "        try:\n            step()\n            print('went on')\n"
        "        except KeyboardInterrupt as error:\n            print(error)\n"
        "for flag in (1, 0):\n"
        "    thread = threading.Thread(target=work, args=(flag,))\n    thread.start()\n    thread.join()\n"
    )
    lines = run_python(script, site=ours).splitlines()
    assert lines[:6] == ["stopped, since it was not done in time"] * 6
    assert lines[6:] == ["went on"] * 6


def test_many_shapes_do_not_pile_up(ours, tmp_path):
    script = tmp_path / "shapes.py"
    script.write_text(
        "import mlx.core as mx\n"
        "calls = []\n"
        "g = mx.compile(lambda x: (calls.append(0), x + 1)[1])\n"
        "for n in range(300):\n    g(mx.ones(n))\n"
        "g(mx.ones(299)); g(mx.ones(0))\n"
        "print(len(calls))\n"
    )
    assert run_python(script, site=ours).split() == ["301"]


def test_the_list_of_bound_names_is_current(ours, tmp_path):
    before = (ROOT / "docs/mlx-bindings.md").read_text()
    generated = (PYTHON / "mlx_core/src/official_names.h").read_text()
    tool = [sys.executable, str(ROOT / "scripts/mlx_bindings.py")]
    try:
        subprocess.run([*tool, "names", ours], check=True)
        subprocess.run([*tool, "table", ours, sys.executable], check=True)
        assert (ROOT / "docs/mlx-bindings.md").read_text() == before
        assert (PYTHON / "mlx_core/src/official_names.h").read_text() == generated
    finally:
        (ROOT / "docs/mlx-bindings.md").write_text(before)
        (PYTHON / "mlx_core/src/official_names.h").write_text(generated)


def build(*arguments, **environment):
    return subprocess.run(
        [sys.executable, str(BUILD), *arguments], capture_output=True, text=True, check=False,
        env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", **environment},
    )


def test_a_missing_compiler_is_told_in_one_sentence(tmp_path):
    result = build("--cache", str(tmp_path), PATH=str(tmp_path))
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "install g++" in result.stderr or "xcode-select" in result.stderr


def test_a_compiler_that_is_none_is_named(tmp_path):
    result = build("--cache", str(tmp_path), CXX="/bin/false")
    assert result.returncode == 2
    assert "/bin/false" in result.stderr


def test_a_python_without_pip_is_told_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(BUILD.parent))
    import build as builder
    from platforms import CannotBuild

    monkeypatch.setattr(builder.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(CannotBuild, match="has no pip: install it"):
        builder.run_pip([], "3.12", tmp_path, "")


def test_a_platform_that_mlx_does_not_have_is_told_with_those_it_has(monkeypatch):
    monkeypatch.syspath_prepend(str(BUILD.parent))
    import platforms

    monkeypatch.setattr(platforms.platform, "machine", lambda: "riscv64")
    monkeypatch.setattr(platforms.platform, "system", lambda: "Linux")
    with pytest.raises(platforms.CannotBuild, match="no library for linux-riscv64; .*linux-x86_64, .*ONNX"):
        platforms.this_platform()


def test_a_wheel_with_another_hash_is_refused(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(BUILD.parent))
    import build as builder
    from platforms import CannotBuild, this_platform

    pins = json.loads((BUILD.parent / "wheels.json").read_text())
    tags = pins["platforms"][this_platform().name]["tags"]
    wrong = {**pins["any"][1], "sha256": "0" * 64}
    with pytest.raises(CannotBuild, match="could not be downloaded"):
        builder.download_wheels([wrong], tags, pins, tmp_path)
    assert list(Path(tmp_path).glob("*.whl")) == []
