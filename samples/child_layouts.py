"""The files of the child half: rosters and counts of heads, ledgers of children, plans, places, money, measures."""

from __future__ import annotations

from samples.layout import SIGNATURE_LINE, FileLayout, columns

ATTENDANCE_FILES = (
    FileLayout(
        "attendance",
        "roster",
        "在校学生花名册.xlsx",
        columns(
            "school_name 学校名称 grade 年级 class_name 班级 name 姓名 id_number 身份证号 present 是否在校"
            " counted_on 清点日期"
        ),
        title="{county}在校学生清点花名册（{term}）",
        dates="serial",
        signature="清点人：　　　　校长（签字）：　　　　",
        notes=(
            "填表说明",
            "一、按清点当天实际在校情况填写。",
            "二、请假、送教上门、在职业学校就读的如实注明。",
        ),
    ),
    FileLayout(
        "attendance",
        "heads",
        "在校人数清点表.xlsx",
        columns("school_name 学校名称 grade 年级 records 学籍人数 heads 实际人数 counted_on 清点日期"),
        sheet="清点表",
        title="{county}中小学在校人数清点表（{term}）",
        groups=(("records", "heads", "人数"),),
        dates="dotted",
        signature=SIGNATURE_LINE,
    ),
)
CHILDREN_FILES = (
    FileLayout(
        "dropouts",
        "dropouts",
        "辍学学生劝返复学工作台账.xlsx",
        columns(
            "name 姓名 sex 性别 id_number 身份证号 student_no 学籍号 school_name 就读学校 dropped_on 辍学日期"
            " way 劝返方式 persuader 劝返人 notice_on 限期复学通知书送达日期 reported_on 报告乡镇日期"
            " returned_on 复学日期 closed_on 销号日期"
        ),
        title="{county}辍学学生劝返复学工作台账（{term}）",
        dates="dotted",
        groups=(("notice_on", "reported_on", "告知与报告"), ("returned_on", "closed_on", "复学销号")),
        signature=SIGNATURE_LINE,
    ),
    FileLayout(
        "unable",
        "unable",
        "不具备学习条件适龄儿童少年台账.xlsx",
        columns(
            "name 姓名 sex 性别 id_number 身份证号 student_no 学籍号 disability 残疾类型 cause 不具备学习条件原因"
            " certified_education 教育部门 certified_disabled 残联 certified_health 卫健部门 certified_civil 民政部门"
        ),
        sheet="台账",
        title="{county}不具备学习条件的适龄儿童少年信息台账",
        groups=(("certified_education", "certified_civil", "是否认定"),),
        signature=SIGNATURE_LINE,
    ),
    FileLayout(
        "home_teaching",
        "home_teaching",
        "送教上门记录.xlsx",
        columns(
            "name 姓名 id_number 身份证号 student_no 学籍号 taught_on 送教日期 lessons 课时 teacher 送教教师"
            " signed_by 家长签字"
        ),
        title="{county}重度残疾儿童少年送教上门记录",
        dates="chinese",
    ),
)
MONEY_FILES = (
    FileLayout(
        "control_totals",
        "loans",
        "助学贷款统计表.xlsx",
        columns("term 学期 basis 口径 category 困难类型 place 就读地 persons 人次 amount 金额（万元）"),
        sheet="贷款",
        title="{county}生源地信用助学贷款统计表",
        signature=SIGNATURE_LINE,
    ),
    FileLayout(
        "control_totals",
        "ledger_totals",
        "函告兜底送教统计表.xlsx",
        columns("term 学期 basis 口径 town 乡镇 persons 人次 amount 金额（万元）"),
        sheet="统计",
        title="{county}函告、兜底、送教上门情况统计表",
        signature=SIGNATURE_LINE,
    ),
    FileLayout(
        "planned",
        "planned",
        "拟发放名单_特教.xlsx",
        columns(
            "payment_no 序号 name 姓名 id_number 身份证号 school_name 学校名称 scheme 资助项目 amount 拟发放金额"
        ),
        sheet="拟发放",
        title="{county}特殊教育学校学生生活补助拟发放名单（{term}）",
        unit="单位：元",
        signature=SIGNATURE_LINE,
    ),
    FileLayout(
        "quotas",
        "quotas",
        "资助名额分配表.xlsx",
        columns("school_name 学校名称 scheme 资助项目 places 名额"),
        sheet="名额",
        title="{county}学生资助名额分配表（{term}）",
    ),
    FileLayout(
        "funds",
        "funds",
        "资金下达拨付台账.xlsx",
        columns(
            "document_no 文号 scheme 资助项目 allotted 下达金额 received_on 到账日期 paid_out 已拨付 balance 结余"
        ),
        sheet="资金",
        title="{county}学生资助资金下达拨付台账（{term}）",
        unit="单位：元",
        dates="compact",
    ),
    FileLayout(
        "issues",
        "issues",
        "问题整改清单.xlsx",
        columns(
            "list_name 问题来源 measure 整改措施 responsible 责任人 due_on 整改时限 state 完成情况 closed_on 销号日期"
            " evidence 佐证材料"
        ),
        title="{county}控辍保学和学生资助问题整改清单",
        dates="chinese",
    ),
)
CHILD_FILES = (*ATTENDANCE_FILES, *CHILDREN_FILES, *MONEY_FILES)
