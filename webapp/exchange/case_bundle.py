"""The bundle 证据包 of one case: exact bytes of its records, forms and diagrams, and keys for what is disclosed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from webapp.domain import history
from webapp.exchange import verify_bundle

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
README = """卷宗证据包

本证据包由“再上”导出，供脱机核验。核验只需要 Python 3.10 或更高版本，不需要网络和服务器：

    python verify_bundle.py 证据包.zip --digest 导出时登记的清单摘要

请使用另外取得的 verify_bundle.py（产品随附），不要只用包里这一份；清单摘要以导出时页面上显示的、办理记录中
“导出了数据”那一条所载的为准。包里没有数字签名，摘要是证明“就是当时导出的那一份”的唯一依据。

events/        每一条办理记录的原样字节，文件名是序号
withheld.json  不随带的记录：载有会议成员个人的表决选择，只留校验码，前后仍然相接
definitions/   办理时所用各版本的流程图、表单和决策表，文件夹名是它们的摘要
attachments/   选择随带的附件原件，文件名是附件编号
attachments.json 全部附件的摘要、大小，以及登记它的是第几条记录；没有随带的只有摘要
disclosed.json 选择披露的填写内容及其密钥，可与记录里的承诺值相核对；已依规删除的注明已删除
checkpoint.txt 导出时这一卷记录的末条序号和校验码
manifest.json  全部文件的清单
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One stored record: its exact bytes and digest; ``withheld`` where it tells who chose what."""

    seq: int
    body: bytes
    digest: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One sealed value with its own key, by the record that names its commitment; no value once erased."""

    seq: int
    task: str
    field: str
    commitment: str
    key: bytes
    value: object
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment 附件: its digest as the record ``seq`` names it, and its bytes where they are told."""

    id: str
    seq: int
    digest: str
    size: int
    media_type: str
    suffix: str = ""
    data: bytes | None = None

    @property
    def file(self) -> str | None:
        """Where its bytes lie in the bundle; None when they stay behind."""
        return None if self.data is None else f"attachments/{self.id}{self.suffix}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a bundle is made of."""

    case_id: str
    case_no: str
    stream: str
    suite: str
    made_at: str
    made_by: str
    purpose: str
    records: Sequence[Record]
    definitions: Mapping[str, Mapping[str, bytes]]
    disclosed: Sequence[Disclosure]
    papers: Sequence[Paper] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """The archive and the digest of its manifest, by which it is known."""

    data: bytes
    digest: str


def write(parts: Parts) -> Bundle:
    """The bundle; the same parts make the same bytes."""
    files = _files(parts)
    manifest = history.canonical(
        {
            "format": verify_bundle.FORMAT,
            "case_id": parts.case_id,
            "case_no": parts.case_no,
            "stream": parts.stream,
            "suite": parts.suite,
            "made_at": parts.made_at,
            "made_by": parts.made_by,
            "purpose": parts.purpose,
            "events": len(parts.records),
            "head": parts.records[-1].digest,
            "definitions": sorted(parts.definitions),
            "files": [[name, len(files[name]), history.digest(files[name])] for name in sorted(files)],
        }
    )
    digest = history.digest(manifest)
    files |= {MANIFEST: manifest, SEAL: f"{digest}  {MANIFEST}\n".encode()}
    return Bundle(verify_bundle.pack(files), digest)


def _files(parts: Parts) -> dict[str, bytes]:
    last = parts.records[-1]
    files = {
        "README.txt": README.encode(),
        "verify_bundle.py": Path(verify_bundle.__file__).read_bytes(),
        "checkpoint.txt": f"{parts.stream}\n{last.seq}\n{last.digest}\n{parts.made_at}\n".encode(),
        "withheld.json": history.canonical(
            {"events": [_withheld(one) for one in parts.records if one.withheld]}
        ),
        "disclosed.json": history.canonical({"fields": [_disclosed(one) for one in parts.disclosed]}),
    }
    files["attachments.json"] = history.canonical({"files": [_paper(one) for one in parts.papers]})
    files |= {one.file: one.data for one in parts.papers if one.file is not None and one.data is not None}
    files |= {f"events/{one.seq:06d}.json": one.body for one in parts.records if not one.withheld}
    for digest, own in parts.definitions.items():
        files |= {f"definitions/{digest}/{name}": data for name, data in own.items()}
    return files


def _withheld(record: Record) -> dict[str, object]:
    return {"seq": record.seq, "digest": record.digest, "why": "ballot"}


def _paper(one: Paper) -> dict[str, object]:
    return {
        "id": one.id,
        "seq": one.seq,
        "digest": one.digest,
        "size": one.size,
        "media_type": one.media_type,
        "file": one.file,
    }


def _disclosed(one: Disclosure) -> dict[str, object]:
    common = {"seq": one.seq, "task": one.task, "field": one.field, "commitment": one.commitment}
    if one.erased:
        return {**common, "erased": True}
    return {**common, "erased": False, "key": one.key.hex(), "value": history.canonical(one.value).decode()}


def tells_who_chose(body: bytes, unsaid: frozenset[str]) -> bool:
    """A record that names a member together with the choice 表决选择; ``unsaid``: registers that would."""
    entry = json.loads(body)
    facts = entry.get("facts", {})
    if entry.get("kind") == "ballot_cast" and "choice" in facts:
        return True
    return any(change[0] in unsaid for change in facts.get("changes", ()))
