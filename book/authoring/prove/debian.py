"""Another release of Debian in a folder, in which a program runs as a reader of the book, with that release's Python.

debootstrap unpacks it from the mirror of this machine's apt. What runs in it has its own process ids and mounts: when
the first process has ended, however it was ended, no other is left and nothing is mounted.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from book.authoring.environment import ROOT

READER = "reader"
HOME = Path("/home") / READER
BOOK = HOME / "book"  # the clone of the checkout
PACKAGES = ("ca-certificates", "chromium", "fonts-dejavu", "git", "make", "procps", "python3", "python3-venv")
# What a program needs to reach the registries as this machine does
NETWORK = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
SHARED_BY_NAME = ("PIP_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
# The shell stays, as the process whose children all others become that lose their parent: it takes note of their ends
ENTER = """mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && { chroot "$0" "$@"; exit $?; }"""
RELEASES = {"3.13": "trixie", "3.14": "sid"}  # by the Python that each brings


class NoDebianError(Exception):
    """It cannot be had here; the message says what is missing."""


@dataclass(frozen=True)
class Debian:
    """A release, unpacked in `folder`."""

    folder: Path

    def start(self, command: Sequence[str], *, root: bool = False, environment: dict[str, str] | None = None,
              before: Sequence[str] = ()) -> subprocess.Popen[str]:  # fmt: skip
        """Start a command in the clone of the book, as a reader who has nothing but a home; or as root, in /.

        before  a command that starts it, such as taskset with its options; it runs outside
        """
        inside = ["chroot", "--userspec", f"{READER}:{READER}", "/"] if not root else []
        folder = "/" if root else str(BOOK)
        inside += ["env", "-i", *(f"{name}={value}" for name, value in variables(environment or {}, root).items())]
        inside += ["sh", "-c", 'cd "$0" && exec "$@"', folder, *command]
        own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, str(self.folder), *inside]
        return subprocess.Popen(
            [*before, *own], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, command: Sequence[str], *, root: bool = False) -> str:
        """Run a command to its end and return what it printed. NoDebianError, with that, where it fails."""
        process = self.start(command, root=root)
        text = process.communicate()[0]
        if process.returncode:
            raise NoDebianError(f"{' '.join(command)}: {text[-2000:]}")
        return text


def variables(more: dict[str, str], root: bool) -> dict[str, str]:
    """The environment of a reader, or of root: this machine's way to the registries, and `more`."""
    shared = {name: value for name, value in os.environ.items() if name.upper().startswith(SHARED_BY_NAME)}
    own = {"HOME": "/root" if root else str(HOME), "PATH": os.defpath + ":/usr/sbin:/sbin", "LANG": "C.UTF-8"}
    return {**shared, **own, "DEBIAN_FRONTEND": "noninteractive", **more}


def mirror() -> str:
    """The address of Debian's packages that this machine's apt uses. NoDebianError where it has none."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(COMPONENT) $(CODENAME)"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    fields = [line.split(" ") for line in lines]
    addresses = [address for address, *of in fields if of[:2] == ["Debian", "main"] and "-" not in of[2]]
    if not addresses:
        raise NoDebianError("apt has no list of Debian's packages: run apt-get update.")
    return addresses[0]


def take_along(folder: Path) -> None:
    """Copy into a folder what its programs need to reach the registries as this machine does."""
    named = [value for name, value in os.environ.items() if name.upper().startswith(SHARED_BY_NAME)]
    for source in map(Path, [*NETWORK, *(value for value in named if value.startswith("/"))]):
        target = folder / source.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir() and not target.exists():
            shutil.copytree(source, target)
        elif source.is_file():
            target.unlink(missing_ok=True)  # it may be a link that leads elsewhere in here
            shutil.copyfile(source, target)


@contextmanager
def debian(release: str, commit: str) -> Iterator[Debian]:
    """A release with a user, READER, in whose home a clone of the commit lies; afterwards it is gone.

    NoDebianError where it cannot be had.
    """
    if os.geteuid():
        raise NoDebianError("Only root may enter another Debian: run this as root.")
    if not shutil.which("debootstrap"):
        raise NoDebianError("debootstrap is missing: apt-get install debootstrap.")
    # not below a folder that only root enters
    with tempfile.TemporaryDirectory(prefix=f"debian-{release}-") as name:
        here = Debian(Path(name))
        here.folder.chmod(0o755)
        command = ["debootstrap", "--variant=minbase", release, name, mirror()]
        unpacked = subprocess.run(command, capture_output=True, text=True, check=False)
        if unpacked.returncode:
            raise NoDebianError(f"debootstrap {release}: {(unpacked.stdout + unpacked.stderr)[-2000:]}")
        take_along(here.folder)
        here.run(["apt-get", "update", "-q"], root=True)
        here.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES], root=True)
        take_along(here.folder)  # a package has its own certificates
        here.run(["useradd", "--create-home", READER], root=True)
        book = here.folder / BOOK.relative_to("/")
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(book)], check=True)
        subprocess.run(["git", "-C", str(book), "checkout", "--quiet", commit], check=True)
        here.run(["chown", "-R", f"{READER}:{READER}", str(BOOK)], root=True)
        yield here
