"""The demo cases 示例卷宗, made by running the real processes under a shifted clock."""

from webapp.services.office import Office


def load(office: Office) -> None:
    """Load the cases once."""
    del office
