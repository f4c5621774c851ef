"""核验卷宗证据包：只用 Python 标准库，不连服务器。 Checks the bundle of one case, alone and off-line.

用法：python verify_bundle.py 证据包.zip [--digest 导出时登记的清单摘要]
退出码：0 全部相符；1 有不符之处，逐条写明文件和位置；2 不是证据包，或含有危险内容，未作核验。
"""

import argparse
import hashlib
import hmac
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

FORMAT = "zaishang-case-bundle/2"
# Bundles of the first format carry no attachments; they are checked as they were made.
FORMATS = ("zaishang-case-bundle/1", FORMAT)
GENESIS = "0" * 64
MOST_FILES, MOST_BYTES = 20_000, 256 * 1024 * 1024
SAFE = re.compile(r"[^\\:*?\"<>|\x00-\x1f\x7f]{1,200}")
DIGEST = re.compile(r"[0-9a-f]{64}")
EVENT = re.compile(r"events/(\d{6})\.json")
CONTAINER = "压缩包"
FIXED = ("README.txt", "checkpoint.txt", "disclosed.json", "verify_bundle.py", "withheld.json")
ATTACHMENTS = "attachments.json"
USAGE = """用法：python verify_bundle.py 证据包 [--digest 清单摘要]
  证据包    导出的 zip 文件，或者解开后的文件夹
  --digest  导出时登记的清单摘要，在导出页的列表和办理记录里
"""


class Finding(NamedTuple):
    """Where the bundle does not hold, and how 不符之处."""

    place: str
    sentence: str


class Hostile(Exception):
    """不是证据包，或含有危险内容。"""


def pack(files: Mapping[str, bytes]) -> bytes:
    """The one archive that these files make: stored, sorted, without times, so that every byte is accounted for."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def unpack(data: bytes) -> tuple[dict[str, bytes], list[Finding]]:
    """The files of an archive, read in memory only, and what is wrong with its shell; Hostile when unsafe."""
    if len(data) > MOST_BYTES:
        raise Hostile("文件过大，未作核验。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _require_safe(entries)
            return _read(archive, entries, data)
    except Hostile:
        raise
    except Exception as error:
        raise Hostile(f"压缩包打不开，可能不完整或被改动过（{type(error).__name__}）。") from None


def _require_safe(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    if len(entries) > MOST_FILES or sum(one.file_size for one in entries) > MOST_BYTES:
        raise Hostile("压缩包里的内容过多，未作核验。")
    for one in entries:
        parts = one.filename.split("/")
        if not SAFE.fullmatch(one.filename) or any(part in ("", ".", "..") for part in parts):
            raise Hostile(f"文件名不安全：{one.filename!r}。")
        if one.filename.lower() in seen:
            raise Hostile(f"同一个文件名出现两次：{one.filename}。")
        if one.compress_type != zipfile.ZIP_STORED or one.compress_size != one.file_size:
            raise Hostile(f"证据包不使用压缩，{one.filename} 经过压缩，可能是压缩炸弹。")
        if one.flag_bits & 1:
            raise Hostile(f"{one.filename} 经过加密，未作核验。")
        seen.add(one.filename.lower())


def _read(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], data: bytes
) -> tuple[dict[str, bytes], list[Finding]]:
    files: dict[str, bytes] = {}
    found: list[Finding] = []
    for one in entries:
        try:
            files[one.filename] = archive.read(one)
        except Exception:
            found.append(Finding(one.filename, "文件内容与压缩包登记的校验值不符。"))
    if not found and (again := pack(files)) != data:
        at = next((n for n, (a, b) in enumerate(zip(again, data, strict=False)) if a != b), len(again))
        found.append(Finding(CONTAINER, f"压缩包自身的第{at}字节处与应有的不同。"))
    return files, found


def verify(files: Mapping[str, bytes], digest: str = "") -> list[Finding]:
    """Everything that does not hold, empty when all does; ``digest``: of the manifest, as the office recorded it."""
    return list(_findings(files, digest))


def _findings(files: Mapping[str, bytes], digest: str) -> Iterator[Finding]:
    manifest = _json(files, "manifest.json")
    if not isinstance(manifest, dict) or manifest.get("format") not in FORMATS:
        yield Finding("manifest.json", "清单缺失、无法解读或不是本程序认识的格式。")
        return
    yield from _sealed(files, digest)
    try:
        yield from _listed(files, manifest)
        yield from _chain(files, manifest)
        yield from _disclosed(files)
        if manifest["format"] == FORMAT:
            yield from _attachments(files)
        yield from _definitions(files, manifest)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        yield Finding("manifest.json", f"清单或记录的结构不对，无法继续核验（{type(error).__name__}）。")


def _json(files: Mapping[str, bytes], name: str) -> Any:
    try:
        return json.loads(files[name])
    except (KeyError, ValueError, RecursionError):
        return None


def _sealed(files: Mapping[str, bytes], digest: str) -> Iterator[Finding]:
    """The manifest against its own digest beside it, and against the one recorded elsewhere."""
    actual = _sha256(files["manifest.json"])
    if files.get("manifest.sha256") != f"{actual}  manifest.json\n".encode():
        yield Finding("manifest.json", "与 manifest.sha256 所载摘要不符。")
        yield Finding("manifest.sha256", "所载摘要与 manifest.json 不符。")
    if digest and digest.strip().lower() != actual:
        yield Finding("manifest.json", "与导出时登记的摘要不符，不是当时导出的那一份。")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _listed(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Every file is on the list with its digest, and nothing else is there."""
    listed = {str(name): (size, digest) for name, size, digest in manifest["files"]}
    for name, (size, digest) in listed.items():
        if name not in files:
            yield Finding(name, "清单上有，证据包里没有。")
        elif len(files[name]) != size or _sha256(files[name]) != digest:
            yield Finding(name, "内容与清单所载摘要不符，被改动过。")
    for name in sorted(files.keys() - listed.keys() - {"manifest.json", "manifest.sha256"}):
        yield Finding(name, "清单上没有这个文件。")
    for name in (*FIXED, ATTACHMENTS) if manifest["format"] == FORMAT else FIXED:
        if name not in listed:
            yield Finding(name, "清单上缺少应有的文件。")


def _chain(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """The records one after another: digest, link, number, chain, and the end against the checkpoint."""
    suite, last = str(manifest["suite"]), GENESIS
    withheld = {one["seq"]: one["digest"] for one in json.loads(files["withheld.json"])["events"]}
    for seq in range(1, int(manifest["events"]) + 1):
        name = f"events/{seq:06d}.json"
        body = files.get(name)
        if body is None:
            if seq not in withheld:
                yield Finding(name, f"第{seq}条记录缺失。")
                return
            last = withheld[seq]
            continue
        if sentence := _link(body, seq, last, manifest):
            yield Finding(name, f"第{seq}条记录：{sentence}")
        last = hashlib.new(suite, body).hexdigest()
    if last != manifest["head"]:
        yield Finding("manifest.json", "最后一条记录与清单所载末条校验码不符。")
    if files.get("checkpoint.txt", b"").decode("utf-8", "replace").split("\n")[:3] != [
        manifest["stream"],
        str(manifest["events"]),
        last,
    ]:
        yield Finding("checkpoint.txt", "核对点与记录不符。")


def _link(body: bytes, seq: int, last: str, manifest: Mapping[str, Any]) -> str:
    try:
        entry = json.loads(body)
    except (ValueError, RecursionError):
        return "内容无法解读。"
    if not isinstance(entry, dict) or entry.get("previous") != last:
        return "与上一条记录不相衔接。"
    columns = (entry.get("stream"), entry.get("seq"), entry.get("suite"))
    if columns != (manifest["stream"], seq, manifest["suite"]):
        return "不属于这一卷，或序号、算法不符。"
    return ""


def _disclosed(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Each disclosed value gives, with its key, the commitment that its record names."""
    for number, one in enumerate(json.loads(files["disclosed.json"])["fields"], start=1):
        where = f"第{number}项（第{one['seq']}条记录，{one['field']}）"
        body = files.get(f"events/{one['seq']:06d}.json", b"")
        if not DIGEST.fullmatch(one["commitment"]) or f'"{one["commitment"]}"'.encode() not in body:
            yield Finding("disclosed.json", f"{where}：该条记录里没有这个承诺值。")
        elif not one["erased"] and not _holds(one):
            yield Finding("disclosed.json", f"{where}：内容与承诺值不符。")


def _holds(one: Mapping[str, Any]) -> bool:
    made = hmac.new(bytes.fromhex(one["key"]), one["value"].encode(), "sha256").hexdigest()
    return hmac.compare_digest(made, one["commitment"])


def _attachments(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Each file that is told has the digest that its record names; no file is there that none names."""
    told = set()
    for number, one in enumerate(json.loads(files[ATTACHMENTS])["files"], start=1):
        where = f"第{number}项（第{one['seq']}条记录）"
        body = files.get(f"events/{one['seq']:06d}.json")
        if not DIGEST.fullmatch(one["digest"]) or (body and f'"{one["digest"]}"'.encode() not in body):
            yield Finding(ATTACHMENTS, f"{where}：该条记录里没有这个附件的摘要。")
        if name := one["file"]:
            told.add(name)
            data = files.get(name, b"")
            if len(data) != one["size"] or _sha256(data) != one["digest"]:
                yield Finding(name, f"附件内容与第{one['seq']}条记录所载摘要不符。")
    for name in sorted(files):
        if name.startswith("attachments/") and name not in told:
            yield Finding(name, "没有哪一条记录登记了这个附件。")


def _definitions(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """The forms and diagrams of each version, under the digest that the records name."""
    for digest in manifest["definitions"]:
        start = f"definitions/{digest}/"
        own = {name.removeprefix(start): data for name, data in files.items() if name.startswith(start)}
        total = hashlib.sha256()
        for name in sorted(own):
            total.update(name.encode() + b"\0" + hashlib.sha256(own[name]).digest())
        if total.hexdigest() != digest:
            yield Finding(start, "这个版本的流程图和表单与记录所载摘要不符。")


def read(path: Path) -> tuple[dict[str, bytes], list[Finding]]:
    """The files of an archive, or of a folder it was unpacked to; Hostile for anything else."""
    if path.is_file():
        if path.stat().st_size > MOST_BYTES:
            raise Hostile("文件过大，未作核验。")
        return unpack(path.read_bytes())
    if not path.is_dir():
        raise Hostile("没有找到这个文件。")
    inside = [one for one in sorted(path.rglob("*")) if one.is_file() or one.is_symlink()]
    if len(inside) > MOST_FILES or any(one.is_symlink() for one in inside):
        raise Hostile("文件夹里文件过多或含有链接，未作核验。")
    if sum(one.stat().st_size for one in inside) > MOST_BYTES:
        raise Hostile("文件夹里的内容过多，未作核验。")
    return {one.relative_to(path).as_posix(): one.read_bytes() for one in inside}, []


class Parser(argparse.ArgumentParser):
    """The command line, whose help and errors are Chinese 用法."""

    def format_help(self) -> str:
        """How to call it."""
        return USAGE

    def error(self, message: str) -> NoReturn:
        """Called wrongly: how to call it, and 2."""
        self.exit(2, f"没有写明核验哪个证据包，或者写法不对。\n{USAGE}")


def _counted(files: Mapping[str, bytes]) -> str:
    """How many records the case has, and how many of them stand in the bundle with their bytes."""
    inside = sum(EVENT.fullmatch(name) is not None for name in files)
    total = int(json.loads(files["manifest.json"])["events"])
    if inside == total:
        return f"{total}条记录"
    why = "载有会议成员个人的表决选择，依规不随带，只核对校验码前后相接"
    return f"{total}条记录（{inside}条核对了原样内容；{total - inside}条{why}）"


def main(arguments: list[str]) -> int:
    """Check what the command line names; says what was found, and how much was checked."""
    parser = Parser(description="核验卷宗证据包（不连服务器）。")
    parser.add_argument("bundle", help="证据包（zip 文件，或解开后的文件夹）")
    parser.add_argument("--digest", default="", help="导出时登记的清单摘要")
    asked = parser.parse_args(arguments)
    try:
        files, found = read(Path(asked.bundle))
    except (Hostile, OSError) as error:
        sys.stderr.write(f"未作核验：{error}\n")
        return 2
    found += verify(files, asked.digest)
    for one in found:
        sys.stderr.write(f"{one.place}：{one.sentence}\n")
    if found:
        sys.stderr.write(f"核验不通过：{len(found)}处不符。\n")
        return 1
    papers = sum(name.startswith("attachments/") for name in files)
    sys.stdout.write(f"核验通过：{len(files)}个文件、{_counted(files)}、{papers}个附件，未发现改动。\n")
    sys.stdout.write(f"清单摘要：{_sha256(files['manifest.json'])}\n")
    if not asked.digest:
        sys.stdout.write("尚未与导出时登记的摘要核对；请用 --digest 或当面比对，以确认是当时导出的那一份。\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
