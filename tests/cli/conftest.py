"""The site the words of the terminal are tried on."""

from tests.site import pg_site, pg_template, prepared, site

__all__ = ["pg_site", "pg_template", "prepared", "site"]
