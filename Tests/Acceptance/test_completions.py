"""`completions SHELL`: what a shell needs to complete commands and options."""

import shutil
import subprocess

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(rollcall, shell):
    done = rollcall("completions", shell)
    assert all(word in done.stdout for word in ["rollcall", "apply", "completions", "max-deletes"])
    assert done.stderr == ""
    if shutil.which(shell):
        subprocess.run([shell, "-n", rollcall.write("script", done.stdout)], check=True, timeout=60)


@pytest.mark.parametrize("line, wanted", [
    ("rollcall comp", "completions"), ("rollcall completions f", "fish"), ("rollcall drift ackn", "acknowledge"),
    ("rollcall plan --max-d", "--max-deletes"),
])
def test_bash_completes(rollcall, line, wanted):
    rollcall.write("script", rollcall("completions", "bash").stdout)
    words = line.split()
    answer = subprocess.run(
        ["bash", "--norc", "-c", """source ./script
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        _rollcall rollcall "${@: -1}" "${@: -2:1}"
        printf '%s\\n' "${COMPREPLY[@]}" """, "bash", *words],
        cwd=rollcall.folder, capture_output=True, text=True, timeout=60)
    assert answer.stdout.split() == [wanted], answer.stderr
    assert answer.stderr == ""


def test_a_shell_that_is_not_known(rollcall):
    assert "bash" in rollcall("completions", "csh", expect=64).stderr
