"""Where things lie in a checkout."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """One checkout and the folders that the bootstrap fills."""

    root: Path

    @property
    def venv(self) -> Path:
        """The virtual environment 虚拟环境 of this checkout."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter inside the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def stamps(self) -> Path:
        """Hashes of what was installed and built, with the logs of the last attempt."""
        return self.venv / ".stamps"

    @property
    def wheels(self) -> Path:
        """Packages brought along for a machine without a network; there only in an offline bundle."""
        return self.root / "wheels"

    @property
    def frontend(self) -> Path:
        """Sources and packages of the pages' scripts and styles."""
        return self.root / "frontend"

    @property
    def static(self) -> Path:
        """Where the build puts what the pages load."""
        return self.root / "webapp" / "web" / "static"


def here() -> Place:
    """The checkout this package lies in."""
    return Place(Path(__file__).resolve().parents[3])
