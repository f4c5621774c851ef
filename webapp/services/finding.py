"""The index a search of the history leans on 检索索引: brought up to date by the worker, and before each search."""

import logging

from webapp.domain.errors import Refused
from webapp.persistence import mentions
from webapp.services.office import Office

logger = logging.getLogger(__name__)
# How often the worker looks for new records.
EVERY_SECONDS = 30.0

# So much is read while somebody waits for a page; the rest is the worker's.
AT_A_SEARCH, AT_A_ROUND = 5_000, 20_000


def catch_up(office: Office, *, waiting: bool = False) -> bool:
    """Read new records into the index → False when some are left for the worker's next rounds."""
    return mentions.catch_up(office.engine, AT_A_SEARCH if waiting else AT_A_ROUND)


def catch_up_safely(office: Office) -> None:
    """As ``catch_up``, for a worker that must outlive a stopped database."""
    try:
        catch_up(office)
    except Refused as refused:
        logger.warning("the index of the history was not brought up to date: %s", refused.code)
