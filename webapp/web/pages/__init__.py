"""Every page of the house in one visible list."""

from flask import Blueprint

from webapp.web.pages import attachments, auth, cases, health, inbox, tasks

PAGES: tuple[Blueprint, ...] = (
    auth.page, health.page, inbox.page, tasks.page, attachments.page, cases.page, cases.measures,

)  # fmt: skip
