"""Every page of the house in one visible list."""

from flask import Blueprint

from webapp.web.pages import (
    accounts,
    attachments,
    auth,
    case_acts,
    cases,
    definitions,
    health,
    history,
    inbox,
    incidents,
    measures,
    meeting_items,
    meetings,
    mine,
    people,
    tasks,
    tracking,
)

PAGES: tuple[Blueprint, ...] = (
    auth.page,
    health.page,
    inbox.page,
    tasks.page,
    attachments.page,
    cases.page,
    case_acts.page,
    cases.measures,
    measures.page,
    people.page,
    meetings.page,
    meeting_items.page,
    tracking.page,
    mine.page,
    definitions.page,
    history.page,
    incidents.page,
    accounts.page,
)
