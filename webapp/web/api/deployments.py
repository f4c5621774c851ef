"""``/engine-rest/deployment`` 部署: a proposal that a second designer publishes; the list of what was published."""

from typing import Any

from webapp.domain.errors import Invalid, NotFound
from webapp.queries import definition_search, definitions
from webapp.services import proposals
from webapp.web.api import lists, schema, shapes
from webapp.web.api.acting import id_of
from webapp.web.api.doors import ENGINE_REST, OWN
from webapp.web.api.registry import NOTHING, Asked, Example
from webapp.web.api.values import moment
from webapp.web.session import current_actor, office, reading, today

FILTERS = lists.filters(
    id="text", name="text", nameLike="text", source="text", before="moment", after="moment"
)
ORDERS = ("id", "name", "deploymentTime")
NAMES = (
    "deployment-name", "deployment-source", "deploy-changed-only", "enable-duplicate-filtering",
    "deployment-activation-time", "tenant-id", "reason",
)  # fmt: skip
CREATING = {
    "type": "object",
    "properties": {
        **dict.fromkeys(NAMES, schema.TEXT),
        "data": {
            "type": "string",
            "contentMediaType": "application/octet-stream",
            "description": "流程图等文件",
        },
    },
}
# What a modelling tool sends along so that saving twice does not publish twice.
ONLY_NEWS = ("enable-duplicate-filtering", "deploy-changed-only")
LARGEST = 20 * 1024 * 1024
REVIEWED = {"type": "string", "maxLength": 64, "description": "所复核内容的摘要（digest）"}
PROPOSAL = schema.record_of(
    dict.fromkeys(("id", "key", "name", "digest", "status", "reason", "proposedAt"), shapes.TEXT)
    | {"baseVersion": shapes.NUMBER, "version": shapes.NUMBER},
    closed=False,
)


@ENGINE_REST.get(
    "/deployment",
    query=lists.paged(FILTERS, ORDERS),
    answer=shapes.many("Deployment"),
    examples=(Example("liucheng", query={"sortBy": "deploymentTime", "sortOrder": "desc"}),),
)
def deployments(asked: Asked) -> Any:
    """已发布的部署；等待复核的见 /api/proposals。"""
    definitions.require_may_read(current_actor(), today())
    wanted, sorting = lists.taken(asked)
    with reading() as reads:
        return [shapes.deployment(row) for row in definition_search.found(reads, wanted, sorting)]


@ENGINE_REST.get(
    "/deployment/count", query=lists.params(FILTERS), answer=lists.COUNTED, examples=(Example("liucheng"),)
)
def count_deployments(asked: Asked) -> Any:
    """已发布的部署数。"""
    definitions.require_may_read(current_actor(), today())
    with reading() as reads:
        return {"count": definition_search.count(reads, lists.taken(asked)[0])}


@ENGINE_REST.get(
    "/deployment/<deployment_id>", answer=shapes.ref("Deployment"), examples=(Example("liucheng"),)
)
def deployment(_asked: Asked, deployment_id: str) -> Any:
    """一次部署；status 为 waiting 的等待另一名设计员复核。"""
    definitions.require_may_read(current_actor(), today())
    with reading() as reads:
        row = definition_search.deployment(reads, deployment_id)
        if row is not None:
            return shapes.deployment(row)
        waiting = definition_search.proposal(reads, deployment_id)
    if waiting is None:
        raise NotFound
    return shapes.proposal(waiting)


@ENGINE_REST.post(
    "/deployment/create",
    form=CREATING,
    answer={
        "allOf": [shapes.ref("Deployment")],
        "properties": {
            "links": shapes.LINKS,
            "deployedProcessDefinitions": {"type": ["object", "null"]},
            "deployedDecisionDefinitions": {"type": ["object", "null"]},
        },
    },
)
def create_deployment(asked: Asked) -> Any:
    """上传流程图、决策表、表单，提出发布；经另一名设计员复核后才生效；未上传的沿用现行版本。"""
    files = {}
    for one in asked.files:
        if one.filename:
            files[one.filename] = one.read(LARGEST + 1)
    if not files:
        raise Invalid({"data": "请上传流程图、决策表或者表单文件。"})
    key = asked.form.get("deployment-name", "")
    reason = asked.form.get("reason") or key
    actor, whole = current_actor(), proposals.completed(office(), files, key)
    wants_news = any(asked.form.get(name, "").lower() == "true" for name in ONLY_NEWS)
    same = proposals.unchanged(office(), actor, whole) if wants_news else None
    if same is not None:
        return _created(shapes.deployment(_newest(same)))
    found = proposals.propose(office(), actor, whole, reason)
    with reading() as reads:
        row = definition_search.proposal(reads, found.id)
    assert row is not None
    return _created(shapes.proposal(row))


def _newest(key: str) -> Any:
    with reading() as reads:
        return definition_search.by_key(reads, key)


def _created(shown: dict[str, Any]) -> dict[str, Any]:
    """A deployment that published nothing: it waits, or what was sent is published already."""
    nothing = dict.fromkeys(
        ("deployedProcessDefinitions", "deployedDecisionDefinitions", "deployedCaseDefinitions",
         "deployedDecisionRequirementsDefinitions")
    )  # fmt: skip
    return {**shown, "links": [], **nothing}


@OWN.get(
    "/proposals",
    query=lists.params(
        {"status": {"type": "string", "enum": ["waiting", "approved", "rejected", "withdrawn"]}}
    ),
    answer=schema.listed(PROPOSAL),
    examples=(Example("liucheng2", query={"status": "waiting"}),),
)
def proposal_list(asked: Asked) -> Any:
    """发布申请，新的在前。"""
    definitions.require_may_read(current_actor(), today())
    with reading() as reads:
        rows = definition_search.proposals(reads, asked.query.get("status"), 200)
    return [_proposal(row) for row in rows]


def _proposal(row: Any) -> dict[str, Any]:
    return {
        "id": row["id"],
        "key": row["key"],
        "name": row["name"],
        "digest": row["digest"],
        "status": row["status"],
        "reason": row["reason"],
        "proposedAt": moment(row["proposed_at"]),
        "baseVersion": row["base_version"],
        "version": row["version"],
    }


@OWN.post(
    "/proposals/<proposal_id>/approve",
    body=schema.record(("digest",), digest=REVIEWED, reason=schema.LINE),
    answer=schema.record(("version",), version={"type": "integer"}),
    examples=(Example("liucheng2", {"digest": "0" * 64}, status=409),),
)
def approve_proposal(asked: Asked, proposal_id: str) -> Any:
    """复核同意，立即发布为新版本；不能复核自己提出的。"""
    digest, reason = asked.body["digest"], asked.body.get("reason", "")
    actor = current_actor()
    return {
        "version": proposals.approve(
            office(), actor, proposal_id=id_of(proposal_id), digest=digest, reason=reason
        )
    }


@OWN.post(
    "/proposals/<proposal_id>/reject",
    body=schema.record(("reason",), reason=schema.LINE),
    examples=(Example("liucheng2", {"reason": "依据没有写明。"}),),
)
def reject_proposal(asked: Asked, proposal_id: str) -> Any:
    """不予发布，须写明理由。"""
    proposals.reject(office(), current_actor(), proposal_id=id_of(proposal_id), reason=asked.body["reason"])
    return NOTHING
