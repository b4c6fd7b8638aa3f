"""Why a package is refused: a stable code and what an inspector reads, what to do beside it."""

from __future__ import annotations

from typing import Any

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text

RESEND = Text(
    "不要使用这个包；请县里从原输出文件夹重新报送，并查明经手环节",
    "do not use this package; let the county send it again from its output folder, and find out who handled it",
)
REASONS: dict[str, Text] = {
    "not_found": Text("找不到这个文件", "there is no such file"),
    "too_large": Text("文件大小超过上限 {limit} 字节", "the file is larger than {limit} bytes"),
    "not_a_zip": Text("不是完整的 ZIP 文件（截断或已改动）", "not a whole ZIP file (cut off or altered)"),
    "duplicate_member": Text("包内同名文件出现两次：{name}", "a member stands twice: {name}"),
    "path_outside": Text("包内文件的路径指向包外：{name}", "a member's path leads outside the package: {name}"),
    "symlink": Text("包内有链接而不是文件：{name}", "a member is a link, not a file: {name}"),
    "unknown_member": Text("包内多出文件：{name}", "a file that does not belong: {name}"),
    "missing_member": Text("包内缺少文件：{name}", "a file is missing: {name}"),
    "oversized_member": Text("包内文件超过大小上限：{name}", "a member is larger than allowed: {name}"),
    "compressed_member": Text(
        "包内文件经过压缩或加密：{name}（本系统的包不压缩，谨防解压炸弹）",
        "a member is compressed or encrypted: {name} (a package never is; it may be a zip bomb)",
    ),
    "not_canonical": Text(
        "ZIP 的结构（时间、属性、注释、空隙等）与写出时不同",
        "the ZIP's structure (times, attributes, comments, gaps) is not as it was written",
    ),
    "unsigned": Text("包没有签名", "the package is not signed"),
    "bad_key": Text("包内的公钥不是 Ed25519 公钥", "the public key in the package is no Ed25519 key"),
    "other_key": Text(
        "签名的密钥不是另行送达的那一把（包内 {inside}，送达 {outside}）",
        "signed with another key than the one that was handed over (inside {inside}, handed over {outside})",
    ),
    "bad_signature": Text("签名与内容不符", "the signature does not fit the contents"),
    "altered_member": Text("包内文件与封签不符（已改动）：{name}", "a file differs from the seal (altered): {name}"),
    "other_format": Text("包的格式版本 {found} 本程序不认识", "a package format {found} that this version does not know"),
    "other_term": Text("不是本学期的包", "of another term"),
    "other_name": Text("封签上是另一个县的名称", "the seal bears another county's name"),
    "two_packages": Text(
        "同一县有两个包，由不同的密钥签名，分不清哪一个是县里的：经另一途径向县里要来公钥，写入 keys 后再复查",
        "two packages of one county, signed with different keys, and which is its own cannot be told: get the county's public key by "
        "another way, enter it under keys and run again",
    ),
    "two_of_one_key": Text(
        "同一县有两个不同的包，由同一把密钥签名：问县里以哪一个为准，packages 里只留那一个",
        "two different packages of one county, signed with one key: ask the county which holds, and leave that one alone in packages",
    ),
    "no_tokens": Text("包里没有加密标识（旧版程序所写），市里又没有该县数据", "no tokens in it (by an older version), and the city has no data of the county"),
    "other_token_key": Text(
        "加密标识的密钥不是市里统一的那一把（包 {inside}，市里 {outside}），无法比对",
        "the tokens were made with another key than the city's (package {inside}, city {outside}): nothing to compare",
    ),
    "unreadable_member": Text("包内文件的内容无法按格式读取：{name}", "the content of a file cannot be read as its format asks: {name}"),
    "inconsistent": Text("包内各文件互相矛盾：{name}", "the files contradict each other: {name}"),
}  # fmt: skip


class PackageRefused(AuditError):
    """The package cannot be relied on; ``code`` says why, for programs."""

    def __init__(self, code: str, place: str, language: str = "zh", **values: Any):
        self.code = code
        self.reason = REASONS[code].fill(**values)
        what = Text(
            f"县级报送包被拒绝：{self.reason.zh}", f"the county's package is refused: {self.reason.en}"
        )
        super().__init__(Problem(what, Text(place, place), RESEND), language)
