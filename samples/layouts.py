"""The files of a delivery: which rows go where, under which headers, in which form."""

from __future__ import annotations

from samples.child_layouts import CHILD_FILES
from samples.layout import SIGNATURE_LINE, FileLayout, columns, without

HOUSEHOLD = columns(
    "town 乡镇 village 行政村 household_no 户编号 name 姓名 id_number 证件号码 relation 与户主关系 sex 性别"
)
LIST_COLUMNS = columns("category 户类型 valid_from 人员识别时间 valid_to 退出日期")
ENROLMENT = columns(
    "student_no 全国学籍号 name 姓名 sex 性别 birth_date 出生日期 id_number 身份证件号 school_code 学校标识码"
    " school_name 学校名称 grade 年级 class_name 班级 boarding 就读方式 status 学生当前状态"
    " status_date 异动日期 guardian_name 监护人姓名 guardian_id 监护人身份证件号"
)
PAYMENT = columns(
    "payment_no 序号 name 姓名 id_number 身份证号 student_no 学籍号 school_code 学校标识码 school_name 学校名称"
    " category 困难类型 scheme 资助项目 term 学期 amount 金额 account_no 银行卡号 account_holder 户名"
    " pay_date 发放日期 result 发放结果"
)

ELIGIBILITY_FILES = (
    FileLayout(
        "eligibility",
        "脱贫户",
        "脱贫户花名册.xlsx",
        without(HOUSEHOLD | LIST_COLUMNS, "valid_from", "valid_to")
        | columns("school_name 就读学校 in_school 在校生状况 valid_from 人员识别时间 valid_to 退出日期"),
        title="{county}脱贫人口花名册（{term}）",
        groups=(("name", "sex", "家庭成员"), ("valid_from", "valid_to", "起止时间")),
        signature="填报单位：{county}乡村振兴部门（章）",
        notes=("填表说明", "一、本表按户填报，家庭成员逐人填写。", "二、就读学校以采集时为准。"),
    ),
    FileLayout(
        "eligibility",
        "监测对象",
        "监测对象.xlsx",
        HOUSEHOLD | LIST_COLUMNS,
        sheet="监测对象",
        title="{county}防返贫监测对象名单",
        dates="compact",
    ),
    FileLayout(
        "eligibility",
        "低保",
        "低保对象.csv",
        columns(
            "household_no 户号 name 家庭成员姓名 id_number 身份证号码 relation 与户主关系 sex 性别"
            " town 乡镇 village 村 valid_from 认定日期 valid_to 停保日期"
        ),
        encoding="gbk",
        dates="dotted",
        extra={"保障金额": "412"},
    ),
    FileLayout(
        "eligibility",
        "特困",
        "特困供养人员.xlsx",
        columns(
            "town 乡(镇) village 行政村 household_no 户编号 name *姓名 id_number *公民身份号码"
            " relation 与户主关系 category 人员类别 valid_from 认定日期 valid_to 终止日期"
        ),
        sheet="特困",
        title="{county}特困人员救助供养台账",
        dates="chinese",
        merged="household_no",
        signature=SIGNATURE_LINE,
    ),
    FileLayout(
        "eligibility",
        "孤儿",
        "孤儿及事实无人抚养儿童.xlsx",
        columns(
            "name 姓名 sex 性别 id_number 身份证号 birth_date 出生日期 category 人员类别 town 乡镇"
            " valid_from 认定日期 valid_to 终止日期"
        ),
        sheet="Sheet1",
        title="{county}孤儿和事实无人抚养儿童名册",
        dates="serial",
    ),
    FileLayout(
        "eligibility",
        "残疾",
        "残疾学生名单.csv",
        columns(
            "name 姓名 sex 性别 id_number 身份证号 disability 残疾类型 town 乡镇 village 村 valid_from 认定日期"
        ),
        encoding="utf-8-sig",
        extra={"残疾等级": "三级"},
    ),
    FileLayout(
        "eligibility",
        "城镇解困",
        "城镇解困对象.xlsx",
        columns(
            "household_no 户号 name 姓名 id_number 身份证号 relation 与户主关系 category 人员类别"
            " town 乡镇 valid_from 认定日期 valid_to 退出日期"
        ),
        sheet="城镇解困",
        title="{county}城镇困难群众解困脱困花名册",
        unit="填报单位：{county}",
        dates="dotted",
        signature=SIGNATURE_LINE,
    ),
    FileLayout(
        "eligibility",
        "其他困难",
        "学校认定其他困难学生.xlsx",
        columns(
            "name 学生姓名 id_number 身份证件号 birth_date 出生日期 school_name 学校名称"
            " category 困难类型 valid_from 认定日期 valid_to 终止日期"
        ),
        title="{county}家庭经济困难学生认定名单（学校认定部分）",
        dates="serial",
        signature=SIGNATURE_LINE,
    ),
)
ENROLMENT_FILES = (
    FileLayout(
        "enrolment",
        "primary",
        "学籍_小学.xlsx",
        ENROLMENT,
        title="{county}小学在籍学生花名册",
        notes=("说明", "学籍数据由全国中小学生学籍信息管理系统导出。"),
    ),
    FileLayout(
        "enrolment",
        "junior",
        "学籍_初中.xlsx",
        ENROLMENT | columns("stage 学段"),
        sheet="初中",
        dates="compact",
    ),
    FileLayout(
        "enrolment",
        "senior",
        "学籍_普通高中.xlsx",
        without(ENROLMENT, "boarding") | columns("boarding 是否住校"),
        title="{county}普通高中学籍",
        dates="serial",
        groups=(("school_code", "class_name", "就读信息"), ("guardian_name", "guardian_id", "监护人")),
    ),
    FileLayout("enrolment", "special", "学籍_特教.csv", ENROLMENT | columns("stage 学段"), encoding="utf-8"),
    FileLayout(
        "enrolment",
        "preschool",
        "学籍_在园幼儿.xlsx",
        columns(
            "name 姓名 sex 性别 id_number 身份证件号 birth_date 出生日期 school_code 学校标识码"
            " school_name 学校名称 grade 班级"
        ),
        sheet="在园幼儿",
        title="{county}脱贫户等家庭在园幼儿花名册（本学期未申请资助）",
        dates="dotted",
    ),
)
PAYMENT_FILES = (
    FileLayout(
        "payments",
        "primary",
        "发放明细_小学.csv",
        without(PAYMENT, "payment_no", "school_name", "term"),
        encoding="gb18030",
        dates="compact",
    ),
    FileLayout(
        "payments",
        "junior",
        "发放明细_初中.csv",
        without(PAYMENT, "school_code"),
        encoding="utf-8-sig",
        title="{county}初中家庭经济困难学生生活补助发放明细",
        totals=True,
    ),
    FileLayout(
        "payments",
        "senior",
        "发放明细_普通高中.xlsx",
        PAYMENT,
        sheet="高中",
        title="{county}普通高中学生资助发放明细表",
        unit="单位：元",
        dates="serial",
        subtotals="school_name",
        signature=SIGNATURE_LINE,
        totals=True,
    ),
    FileLayout(
        "payments",
        "outside",
        "发放明细_学前中职.csv",
        without(PAYMENT, "student_no", "school_code", "school_name", "term", "result"),
        encoding="gbk",
        dates="dotted",
        totals=True,
        extra={"备注": ""},
    ),
    FileLayout(
        "payments",
        "corrections",
        "发放明细_补发及更正.xlsx",
        PAYMENT | columns("batch_no 批次"),
        sheet="补发更正",
        title="{county}学生资助补发、退汇重发及追回明细",
        unit="单位：元",
        dates="chinese",
        signature=SIGNATURE_LINE,
        totals=True,
        groups=(("account_no", "account_holder", "收款账户"),),
    ),
)
OTHER_FILES = (
    FileLayout(
        "applications",
        "applications",
        "申请认定公示台账.xlsx",
        columns(
            "name 学生姓名 id_number 身份证号 school_name 就读学校 category 困难类型 level 困难等级"
            " applied_on 申请日期 teacher_on 班主任审查日期 panel_size 评审人数 deputy_on 分管领导审核日期"
            " head_on 校长审批日期 posted_from 公示开始 posted_to 公示结束 reported_on 上报日期 approved_on 审批日期"
        ),
        sheet="台账",
        title="{county}家庭经济困难学生申请、认定、公示台账",
        groups=(("posted_from", "posted_to", "公示"),),
        if_told=("panel_size", "teacher_on", "deputy_on", "head_on", "reported_on"),
    ),
    FileLayout(
        "letters",
        "letters",
        "函告台账.xlsx",
        columns(
            "town 乡镇 name 姓名 id_number 身份证号 household_no 户编号 grade 年级 verified_on 乡镇核实日期"
            " province 就读省 city 就读市 destination 函告单位 sent_on 发函日期 replied_on 回函日期"
            " aided 是否已资助 fallback_amount 县级兜底金额"
        ),
        sheet="函告台账",
        title="{county}县外就读学生函告台账",
        unit="单位：元",
        dates="dotted",
        signature=SIGNATURE_LINE,
    ),
    FileLayout(
        "schools",
        "schools",
        "学校名录.xlsx",
        columns(
            "school_code 学校标识码 school_name 学校名称 alias 曾用名/简称 stage 学段 town 乡镇 head 校长"
            " deputy 分管副校长 officer 乡镇责任人"
        ),
        sheet="学校名录",
        title="{county}学校名录",
    ),
    FileLayout(
        "control_totals",
        "control_totals",
        "资助情况统计表.xlsx",
        columns("term 学期 category 困难类型 scheme 资助项目 persons 人次 amount 金额（万元）"),
        sheet="统计表",
        title="{county}学生资助情况统计表",
        signature="填表人：　　　审核人：　　　联系电话：　　　",
    ),
)
LAYOUTS = (*ELIGIBILITY_FILES, *ENROLMENT_FILES, *PAYMENT_FILES, *OTHER_FILES, *CHILD_FILES)
