"""What this re-check cannot say, and what it rested on."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.city.counties import County
from auditlib.city.parameters import ReCheck
from auditlib.city.results import RecheckResults
from auditlib.city.wording import WORDS
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.parameter_words import parameter_table
from auditlib.page.section import Section

TITLE = Text("抽样结论的局限", "Limits of what the sample tells")
ALWAYS = (
    Text("样本抽自发放明细：一分钱也没有领到的孩子不在其中，只能靠重做核对去找；漏助不能从本次抽样推断。",
         "The sample is of payments: a child who was never paid is not in it and is found by re-performance alone."),
    Text("少发的上限假定每笔少发的不超过已发的金额；抽查中有一笔超过的，不给上限。",
         "The limit of underpayment supposes that no payment is short by more than what was paid; where one visited was, no "
         "limit is given."),
    Text("没有抽到不等于没有：结论是对全县而言，不能用来说某一所学校、某一个孩子没有问题。",
         "Not drawn is not right: conclusions are of the county, not of a school or a child."),
    Text("以现场检查为准：检查人没有看出来的错误，不在任何一个数字里。",
         "The visit is taken as truth: what the inspector did not see is in no figure."),
    Text("重做核对用的是同样的规则，规则本身发现不了的问题，县、市两次都发现不了。",
         "The re-performance applies the same rules: what they cannot see neither check sees."),
    Text("行指纹只说明行变了，不说明为什么变：更正与篡改在指纹上没有区别，须查经手人和依据。",
         "Fingerprints tell that a row changed, not why: a correction and a manipulation look alike."),
    Text("置信度是对方法而言：同样的抽法反复做，每一个界限至少有那么大比例的次数管用（对各种难办的县反复模拟抽样，数过每个界限管用的次数）；"
         "几个界限要同时都管用，把握就小一些。按金额抽样的，金额上限没有数学证明，只有模拟为证（方法见附件“方法与统计”）。",
         "Confidence is of the method: were the draw repeated, each single limit would hold in that share of the draws at least "
         "(draws from counties that are hard to judge were simulated over and over, and how often each limit held was counted); that several hold at once is less sure. The limit in yuan of a draw by "
         "value has no proof, only simulation behind it (see the annex “Method and statistics”)."),
    Text("抽样是否随机，取决于种子是怎样来的：见“抽样及其凭证”里每个县的一句话。",
         "Whether the draw was random rests on where the seed came from: see the sentence on each county under “The draw”."),
)  # fmt: skip
NO_PACKAGE = Text(
    "{county}没有可采信的报送包，自查质量无从评价。",
    "{county} has no package to rely on: its self-check cannot be judged.",
)
NO_ROWS = Text("{county}：两边的行指纹密钥不同或缺失，不能说出哪些行变了，只能比较文件指纹。",
               "{county}: other fingerprint keys or none: which rows changed cannot be told, only which files.")  # fmt: skip
NOT_REPERFORMED = Text(
    "{county}：没有重做，没有抽样。凭加密标识只能看出与他县的重复、邻县学籍里有没有查无的孩子；县内漏报、错报看不出来，名字和号码都写错的人比不出来。",
    "{county}: not re-performed, not sampled. Tokens tell who is in two counties and whether a missed child is enrolled "
    "elsewhere; what the county leaves out within itself they do not tell, nor persons whose name and number are both wrong.",
)
MANIFEST = Text("底稿清单", "Manifest")
REASON = Text("：", ": ")
PARAMETERS, COUNTIES, VERSIONS = (
    Text("参数", "Parameters"),
    Text("报送包", "Packages"),
    Text("软件版本", "Versions"),
)
KEY, VALUE = Text("项", "Key"), Text("值", "Value")
OF_PACKAGE = (
    Text("县", "County"),
    Text("报送包的指纹 SHA-256", "SHA-256 of the package"),
    Text("公钥的指纹", "Fingerprint of the public key"),
    Text("采信", "Relied on"),
)


def limits(results: RecheckResults) -> Section:
    """The limits that always hold, and those of this run."""
    language = results.language
    sentences = [text.into(language) for text in ALWAYS]
    for county in results.counties:
        if county.package is None:
            sentences.append(NO_PACKAGE.fill(county=county.name).into(language))
        if not county.is_reperformed:
            sentences.append(NOT_REPERFORMED.fill(county=county.name).into(language))
        elif county.package is not None and results.comparison.changes[county.code] is None:
            sentences.append(NO_ROWS.fill(county=county.name).into(language))
    return Section("limits", TITLE.into(language), markup.bullets(sentences))


def manifest(results: RecheckResults) -> Section:
    """Parameters, packages with their digests and keys, versions."""
    language, contents = results.language, results.manifest
    versions = {"auditlib": contents["auditlib"], "python": contents["python"], **contents["packages"]}
    tables = (
        (COUNTIES, _packages(results, language)),
        (PARAMETERS, parameter_table(contents["parameters"], ReCheck, PARAMETERS, language)),
        (VERSIONS, _pairs(versions, VERSIONS, language)),
    )
    pieces = [piece for title, table in tables for piece in (markup.heading(3, title.into(language)), table)]
    return Section("manifest", MANIFEST.into(language), markup.join(pieces), annex=True)


def _packages(results: RecheckResults, language: str) -> Markup:
    """A row a county: its package, the key it was signed with, and why it is not relied on where it is not."""
    looks = ("k", "digest", "text", "text")
    columns = [Col.of(title.into(language), look) for title, look in zip(OF_PACKAGE, looks, strict=True)]
    entries = {entry["county_code"]: entry for entry in results.manifest["counties"]}
    rows = [
        (county.name, *(entries[county.code][key] or markup.NOTHING for key in ("package_sha256", "key")), _trust(county, language))
        for county in results.counties
    ]  # fmt: skip
    return markup.table(columns, rows, caption=COUNTIES.into(language), headed=True)


def _trust(county: County, language: str) -> str:
    if county.package is not None:
        return WORDS["yes"].into(language)
    reason = county.submission.reason if county.submission else None
    return f"{WORDS['no'].into(language)}{REASON.into(language)}{(reason or WORDS['not_submitted']).into(language)}"


def _pairs(values: dict[str, Any], caption: Text, language: str) -> Markup:
    columns = [Col(KEY.into(language)), Col(VALUE.into(language), css="long")]
    rows = [
        (Cell(Markup("<code>{}</code>").format(key)), scrub(str(value)))
        for key, value in markup.mapping_rows(values, language)
    ]
    return markup.table(columns, rows, caption=caption.into(language), headed=True)
