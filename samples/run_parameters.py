"""The run parameters with which the county audits a term of its sample delivery."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from samples.books import Books

TEMPLATE = """\
# yaml-language-server: $schema=schema/self-check.json
# {county_name}（虚构样例）{year} 年{season}学期县级自查。由 python -m samples 写出。
county_code: "{county_code}"
county_name: {county_name}
term: {term}
count_date: {count_date}
data_dir: ../data_samples/{slug}/{term}
sources:
  eligibility:
    - "脱贫户*.xlsx"
    - "监测对象*.xlsx"
    - {{files: "低保*.csv", category: low_income}}
    - "特困*.xlsx"
    - "孤儿*.xlsx"
    - {{files: "残疾*.csv", category: disabled}}
    - "城镇解困*.xlsx"
    - "学校认定*.xlsx"
  enrolment: ["学籍*.xlsx", "学籍*.csv"]
  payments: ["发放明细*.csv", "发放明细*.xlsx"]
  applications: ["申请认定公示台账*.xlsx"]
  letters: ["函告台账*.xlsx"]
  schools: ["学校名录*.xlsx"]
  control_totals: {control_totals}
{more_sources}columns: {{}}
policy: [national, {policy}]
enrolment_covers: [primary, junior, senior, special]
thresholds:
  link_accept: 0.95
  link_review: 0.50
  posting_days: 5
  pay_by: {pay_by}
  reply_by: {reply_by}
rectification:                  # 整改的责任单位和期限，按类别；单写一条规则的，以规则为准
  missed: {{unit: 县学生资助管理中心, by: {soon}}}
  missed.out_of_county: {{unit: 县学生资助管理中心、各乡镇, by: {soon}}}
  missed.not_found: {{unit: 各乡镇、学区, by: {soon}}}
  missed.not_placed: {{unit: 各乡镇、学区, by: {later}}}
  duplicate: {{unit: 县学生资助管理中心, by: {later}}}
  duplicate.enrolment: {{unit: 有关学校、县教育局基教股, by: {later}}}
  mismatch: {{unit: 有关学校, by: {later}}}
  ineligible: {{unit: 县学生资助管理中心、有关学校, by: {later}}}
  amount: {{unit: 县学生资助管理中心, by: {later}}}
  procedure: {{unit: 有关学校, by: {last}}}
  totals: {{unit: 县教育局财务股, by: {later}}}
  letters: {{unit: 县学生资助管理中心、各乡镇, by: {later}}}
{more_units}previous: []
language: zh
output_dir: ../runs/{county_code}-{term}
"""


MORE_SOURCES = """\
  attendance: ["在校学生花名册*.xlsx", "在校人数清点表*.xlsx"]
  dropouts: ["辍学学生劝返复学工作台账*.xlsx"]
  unable: ["不具备学习条件*.xlsx"]
  home_teaching: ["送教上门记录*.xlsx"]
  planned: ["拟发放名单*.xlsx"]
  quotas: ["资助名额分配表*.xlsx"]
  funds: ["资金下达拨付台账*.xlsx"]
  issues: ["问题整改清单*.xlsx"]
"""
MORE_UNITS = """\
  attendance: {{unit: 有关学校、各乡镇, by: {soon}}}
  dropout: {{unit: 各乡镇、学区, by: {soon}}}
  unable: {{unit: 县教育局基教股、县残联, by: {later}}}
  home: {{unit: 特殊教育学校、有关学校, by: {later}}}
  warning: {{unit: 县学生资助管理中心、有关学校, by: {soon}}}
  enrolment: {{unit: 各乡镇、学区, by: {soon}}}
  payments: {{unit: 县学生资助管理中心, by: {later}}}
  funds: {{unit: 县教育局财务股, by: {later}}}
  issues: {{unit: 清单所列责任单位, by: {later}}}
"""


# Children first, then money and registers, then procedure.
DEADLINES = {"soon": dt.timedelta(15), "later": dt.timedelta(45), "last": dt.timedelta(75)}


def write_run_parameters(params: Path, books: Books) -> None:
    """``params/SLUG-TERM.yaml``."""
    plan, term = books.plan, books.term
    days = {name: (term.pay_by + days).isoformat() for name, days in DEADLINES.items()}
    text = TEMPLATE.format(
        county_code=plan.county_code,
        county_name=plan.county_name,
        slug=plan.slug,
        policy=plan.policy,
        term=term.term,
        year=term.term[:4],
        season="秋季" if term.term.endswith("autumn") else "春季",
        count_date=term.count_date.isoformat(),
        pay_by=term.pay_by.isoformat(),
        reply_by=term.reply_by.isoformat(),
        control_totals='["资助情况统计表*.xlsx", "助学贷款统计表*.xlsx", "函告兜底送教统计表*.xlsx"]'
        if term.counted_on
        else '["资助情况统计表*.xlsx"]',
        more_sources=MORE_SOURCES if term.counted_on else "",
        more_units=MORE_UNITS.format(**days) if term.counted_on else "",
        **days,
    )
    params.mkdir(parents=True, exist_ok=True)
    (params / f"{plan.slug}-{term.term}.yaml").write_text(text, encoding="utf-8")
