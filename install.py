"""The first step of `make run`, `make test` and the like: `.venv` with the locked packages, made once.

Runs before anything is installed: only the standard library, and words that an old Python understands too.
"""

import fcntl
import hashlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
INSTALLED = os.path.join(VENV, "installed")
RUN = "requirements.txt"
TEST = "requirements-dev.txt"  # holds everything of the other
NO_VENV = "The virtual environment .venv couldn't be created. On Debian and Ubuntu: apt-get install python3-venv"

NO_PACKAGES = "The packages couldn't be installed: pip says why above. What's there is kept, so try again."
NO_NETWORK = (
    "The packages couldn't be installed: this machine can't reach the package index. Check its network; behind a "
    "proxy, set HTTPS_PROXY; for your own index, set PIP_INDEX_URL. What's there is kept, so try again."
)
# What pip says of an index that does not answer: it tries again, or finds no version at all of what is locked.
NOT_REACHED = ("from versions: none", "Retrying")


def mark(name):
    """A word that changes with the lock file, this program, the Python, and the place of the checkout."""
    with open(os.path.join(HERE, name), "rb") as lock, open(os.path.abspath(__file__), "rb") as itself:
        return hashlib.sha256(lock.read() + itself.read() + sys.version.encode() + VENV.encode()).hexdigest()


def marks():
    try:
        with open(INSTALLED) as file:
            return file.read().split()
    except OSError:
        return []


def install(name):
    if mark(name) in marks() and os.access(PYTHON, os.X_OK):
        return
    if not works():
        print("Making .venv ...", flush=True)
        if subprocess.call([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]):
            sys.exit(NO_VENV)
    print("Installing the packages of %s, once ..." % name, flush=True)
    if os.path.exists(INSTALLED):
        os.remove(INSTALLED)
    # The pip that comes with Python is as old as that Python: it installs what is locked, and goes.
    if subprocess.call([PYTHON, "-m", "ensurepip"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        sys.exit(NO_VENV)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    words = failure([*pip, "install", "--quiet", "--require-hashes", "-r", os.path.join(HERE, name)])
    if words:
        sys.exit(NO_NETWORK if any(sign in words for sign in NOT_REACHED) else NO_PACKAGES)
    subprocess.call([*pip, "uninstall", "-qq", "--yes", "setuptools", "pip"])
    with open(INSTALLED, "w") as file:
        file.write("\n".join(mark(held) for held in ([RUN, TEST] if name == TEST else [RUN])))


def failure(command):
    """What a command says of its failure, which is shown as well; nothing where it succeeds."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, universal_newlines=True)
    words = "no words"
    for line in process.stderr:
        sys.stderr.write(line)
        words += line
    return words if process.wait() else ""


def works():
    """Whether there is a virtual environment of this Python."""
    program = "import sys; sys.exit(sys.version != %r)" % sys.version
    return os.access(PYTHON, os.X_OK) and not subprocess.call([PYTHON, "-c", program], stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit("This needs Python 3.11 or newer; this is %s." % sys.version.split()[0])
    try:
        with open(__file__) as itself:
            fcntl.flock(itself, fcntl.LOCK_EX)  # two commands at the same moment: one installs, the other waits
            install(sys.argv[1])
    except OSError as error:
        sys.exit("The packages couldn't be installed in .venv: %s." % error)
    except KeyboardInterrupt:
        sys.exit(130)
