"""The words for why something is a finding, and why it could not be tested."""

from __future__ import annotations

from auditlib.base.language import Text

REASONS = {
    "no_payment": Text("没有认定为其本人的发放", "No payment found to be this child's"),
    "aid.paid_in_full": Text("足额到位", "Paid in full"),
    "aid.unpaid": Text("未发放", "Not paid"),
    "aid.underpaid": Text("未足额", "Underpaid"),
    "aid.returned": Text("退汇未补", "Returned, not repaid"),
    "aid.paid_otherwise": Text("已领互斥项目", "Paid otherwise"),
    "aid.awaited": Text("发放期内尚未发放", "Not paid yet"),
    "aid.payment_unclear": Text("发放情况不明", "Payment not clear"),
    "returned": Text("银行退汇后未补", "Returned by the bank, not repaid"),
    "reversed": Text("已发放后全部冲回", "Paid and reversed"),
    "below_standard": Text("低于应发标准", "Below the amount due"),
    "not_sent": Text("未发函", "No letter sent"),
    "no_reply": Text("逾期未回函", "No answer in time"),
    "late_reply": Text("逾期回函", "Answered late"),
    "refused": Text("就读地未资助且未兜底", "Not aided there, no fallback paid"),
    "refused_fallback_unknown": Text(
        "就读地未资助，台账没有兜底金额一列，是否已兜底须查",
        "Not aided there; the ledger has no column for fallback, find out whether it was paid",
    ),
    "in_none_now": Text("本学期各册中均无", "In no register of this term"),
    "left_unfinished": Text(
        "毕业（结业、肄业）而义务教育未读完", "Finished or left before the end of compulsory education"
    ),
    "finished_primary": Text("小学毕业、无初中学籍", "Finished primary school, in no junior school"),
    "left_and_in_none_now": Text("当时已离校，本学期各册中均无", "Had left by then, in no register now"),
    "no_earlier_run": Text("没有上学期的自查结果", "No run of the term before"),
    "perhaps_another_number": Text(
        "有同名者而号码不同，可能已更换号码", "One of that name has another number"
    ),
    "closed_and_in_no_register": Text(
        "劝返台账已写复学、销号，而学籍、函告中均无记录",
        "Closed in the ledger of dropouts, yet in no enrolment record and no letter",
    ),
    "in_no_register": Text("学籍、函告中均无", "In no register and no letter"),
    "letters_not_delivered": Text("学籍中无，函告台账未交", "In no register; no letters were handed in"),
    "same_school": Text("同校重复", "Same school"),
    "other_school": Text("跨校", "Other school"),
    "other_county": Text("跨县", "Other county"),
    "other_spelling": Text("同一人不同写法", "Other spelling of the same person"),
    "exclusive": Text("互斥项目", "Exclusive schemes"),
    "aided_elsewhere": Text("回函称就读地已资助", "by the answer aided at the place of study"),
    "paid_here": Text(
        "该生县内在读，本学期已按项目发放", "the pupil is in school here and was paid by the lists"
    ),
    "several_households": Text("收款学生分属不同户", "Pupils of several households"),
    "no_record": Text("学籍中无此人", "No enrolment record"),
    "joined_later": Text("基准日后才入学或复学", "Joined after the count date"),
    "name_and_number": Text("姓名、身份证号均不同", "Name and number both differ"),
    "id_number_one_digit": Text("身份证号一位不同", "One digit of the number differs"),
    "id_number_swapped_digits": Text("身份证号两位颠倒", "Two digits of the number swapped"),
    "id_number_digit_missing": Text("身份证号缺一位", "A digit of the number is missing"),
    "id_number_other": Text("身份证号不同", "Number differs"),
    "id_number_of_guardian": Text("证号是监护人的", "The number is the guardian's"),
    "id_number_of_household": Text("证号是同户成员的", "The number is another household member's"),
    "id_number_of_sibling": Text("证号是兄弟姐妹的", "The number is a brother's or sister's"),
    "id_number_of_pupil": Text("证号是另一名学生的", "The number is another pupil's"),
    "id_number_of_adult": Text(
        "证号是一名成年人的，各名册中均无此人", "The number is that of a grown-up whom no register knows"
    ),
    "name_variant_character": Text("姓名异体字", "Variant character in the name"),
    "name_homophone": Text("姓名同音字", "Homophone in the name"),
    "name_one_character": Text("姓名一字不同", "One character of the name differs"),
    "name_other": Text("姓名不同", "Name differs"),
    "listed_out_of_school": Text("名册写不在校，学籍在读", "listed as not at school, and enrolled"),
    "listed_other_stage": Text("名册所写学段与学籍不同", "another stage than enrolled in"),
    "listed_other_school": Text("名册所写学校与学籍不同", "another school than enrolled in"),
    "other_stage": Text("学段与项目不符", "Stage and scheme do not fit"),
    "day_pupil_paid_as_boarder": Text("走读生按住校发放", "Day pupil paid as boarder"),
    "boarder_paid_as_day_pupil": Text("住校生按走读发放", "Boarder paid as day pupil"),
    "on_no_register": Text("不在任何名册", "On no register"),
    "ended": Text("已失效（已退出名册）", "had ended before the count date"),
    "not_begun": Text("尚未生效（尚未纳入名册）", "had not begun on the count date"),
    "category_not_entitled": Text("困难类型不在该项目范围", "Category not entitled to the scheme"),
    "above_ceiling": Text("高于合同上限", "Above the ceiling of the contracts"),
    "no_loan_ceiling": Text("政策中没有贷款上限", "The policy has no ceiling of loans"),
    "above_standard": Text("高于应发标准", "Above the amount due"),
    "no_posting": Text("无公示记录", "No posting on record"),
    "short": Text("公示天数不足", "Posted too short a time"),
    "early": Text("公示未满即发放", "Paid before the posting ended"),
    "no_approval": Text("无审批记录", "No approval on record"),
    "late": Text("滞后发放", "Paid late"),
    "planned_not_paid": Text("名单有而未发放", "Planned and not paid"),
    "paid_not_planned": Text("发放而名单没有", "Paid and not planned"),
    "other_amount": Text("金额与名单不同", "Another amount than planned"),
    "stranger": Text("户名非本人、家人或监护人", "Holder is neither pupil, household nor guardian"),
    "not_on_roster": Text("花名册中没有此人", "not on the roster"),
    "marked_absent": Text("花名册注明不在校", "marked as not at school"),
    "record_inactive": Text("学籍不在在读状态", "the record is not active"),
    "heads_differ": Text("清点人数与学籍人数不同", "heads and records differ"),
    "grades_differ": Text("合计相同而分年级不同", "the sums agree, the grades do not"),
    "records_differ": Text("所报学籍人数与学籍导出不同", "the records reported are not the register's"),
    "none": Text("四部门均未认定", "certified by none"),
    "returned_late": Text("核定基准日以后才复学", "back only after the count date"),
    "notice_expired": Text("限期复学通知书已到期", "the notice to return has run out"),
    "no_notice": Text("没有限期复学通知书", "no notice to return"),
    "not_enrolled": Text("学籍中未恢复在读", "not enrolled again"),
    "not_at_school": Text("清点时不在校", "not at school when heads were counted"),
    "one": Text("仅一家认定", "certified by one"),
    "two": Text("仅两家认定", "certified by two"),
    "three": Text("缺一家认定", "one certificate is missing"),
    "at_school": Text("清点时在校", "at school when heads were counted"),
    "visits": Text("次数不足", "too few visits"),
    "lessons": Text("课时不足", "too few lessons"),
    "no_application": Text("台账中没有申请", "no application in the ledger"),
    "applied_late": Text("申请逾期", "Applied late"),
    "other_term": Text("申请属于其他学期", "applied for another term"),
    "approved_after_payment": Text("审批晚于发放", "approved after the payment"),
    "steps_reversed": Text("后一环节的日期早于前一环节", "a later step is dated before an earlier one"),
    "objection_open": Text("公示异议未处理即审批", "approved with an objection open"),
    "not_stamped": Text("村（居）委会未盖章", "not stamped by the village"),
    "small": Text("评审人数不足", "panel too small"),
    "over_quota": Text("超过名额", "more than places"),
    "outside_compulsory": Text("不在义务教育学段", "not in compulsory education"),
    "not_registered_poor": Text("核定基准日不是建档立卡对象", "not registered poor on the count date"),
    "not_verified": Text("乡镇未核实", "not verified by the town"),
    "above_all_standards": Text("高于各项标准之和", "above all standards together"),
    "no_sum_of_standards": Text("不是任何几项标准之和", "no sum of standards"),
    "answered_before_sent": Text("回函早于发函", "answered before it was sent"),
    "not_planned": Text("不在拟发放名单", "not in the list of planned payments"),
    "partly_paid": Text("部分拨付", "paid out in part"),
    "nothing_paid": Text("分文未拨", "nothing paid out"),
    "balance_differs": Text("结余与收支不符", "the balance does not fit"),
    "payments_differ": Text("拨付与发放明细不符", "paid out is not what pupils were paid"),
    "past_due": Text("过期未销号", "past its day"),
    "no_evidence": Text("无佐证", "no evidence"),
}
"""Why something is a finding."""
UNTESTED = {
    "unknown": Text("依据不全", "Not enough is known"),
    "unreadable": Text("内容无法识别", "Cannot be read"),
    "stage_unknown": Text("学段不明", "Stage not known"),
    "boarding_unknown": Text("就读方式不明", "Boarding not known"),
    "study_year_unknown": Text("年级不明", "Year of study not known"),
    "school_unknown": Text("学校名称在名录中查不到", "School name in no directory"),
    "household_unknown": Text("所属户不明", "Household not known"),
    "birth_unknown": Text("出生日期不明", "Birth date not known"),
    "status_unreadable": Text("学籍状态或异动日期无法识别", "Status or its date cannot be read"),
    "eligibility_date_unreadable": Text("资格起止日期无法识别", "Eligibility date cannot be read"),
    "date_unreadable": Text("日期无法识别", "Date cannot be read"),
    "return_undated": Text("已写复学而未写日期", "back at school, the day not written"),
    "column_lacking": Text("表中没有这一列", "The sheet has no such column"),
    "left_out_by_choice": Text("按本次运行的参数不执行", "Left out by the parameters of this run"),
    "register_covers_no_compulsory_stage": Text(
        "义务教育学段的学籍（参数文件中“学籍包含的学段”须有小学和初中）",
        "Enrolment of compulsory education (the parameters have to name primary and junior among its stages)",
    ),
    "no_category_applied_for": Text(
        "政策文件没有写哪些类别须本人申请（by_application）",
        "The policy files name no category that is applied for (by_application)",
    ),
    "county_answers_for_no_stage": Text(
        "参数文件没有写义务教育以外哪些儿童也须知道去向",
        "The parameters name no children outside compulsory age to answer for",
    ),
    "scheme_in_one_list": Text(
        "只有一份名单有该校该项目", "Only one of the lists has this scheme and school"
    ),
    "perhaps_the_same": Text(
        "两份名单中有同名同额的另一人，可能是同一人",
        "The other list has one of the same name and amount, who may be the same person",
    ),
    "part_blank": Text("有一部分没有填数，无法相加", "One of the parts is blank: there is no sum"),
    "back_before_leaving": Text(
        "复学或销号日期早于辍学日期", "Back or closed on a day before the child left"
    ),
    "home_month_not_over": Text(
        "学籍写送教上门，送教台账尚无满月可核",
        "Taught at home by the record, and no month of the ledger is over",
    ),
    "not_yet_paid": Text("发放期未满，尚未发放", "Not paid yet, and payment still lasts"),
    "answer_not_due": Text("回函期限未到", "The answer is not due yet"),
    "planned_half_read": Text(
        "名单中有同名而证号残缺的人，可能是该生",
        "The list has one of the name without a sound number, who may be the pupil",
    ),
    "planned_row_rejected": Text("该生有无法采用的名单行", "A row of the pupil in the list was rejected"),
    "no_usable_number": Text("无可用证号", "No usable number"),
    "account_damaged": Text("卡号被电子表格截断", "Account number damaged"),
    "id_number_damaged": Text("身份证号被电子表格截断", "ID number cut by the spreadsheet"),
    "id_number_other_document": Text(
        "非居民身份证件，无法校验", "Another kind of document, cannot be checked"
    ),
    "spelling_lost": Text("姓名或证号缺失、残缺", "Name or number missing or with characters lost"),
    "row_rejected": Text("有一行可能涉及该生但无法采用", "A row that may be the child was rejected"),
    "payment_row_rejected": Text("该生有无法采用的发放行", "A payment row of the pupil was rejected"),
    "payment_half_read": Text(
        "有一行发放可能是该生的，但没有证号、证号是他人的，或证号、姓名残缺",
        "A payment may be the pupil's, but tells no number, another's, or lost part of number or name",
    ),
    "eligibility_half_read": Text(
        "名册中有一行可能是该生的，但没有可用证号",
        "A row of an eligibility register may be the pupil's, but tells no usable number",
    ),
    "letter_half_read": Text(
        "有一份函告可能是该生的，但没有可用证号",
        "A letter may be the child's, but tells no usable number",
    ),
    "enrolment_row_rejected": Text("该生有无法采用的学籍行", "An enrolment row of the pupil was rejected"),
    "eligibility_row_rejected": Text(
        "该生有无法采用的名册行", "An eligibility row of the pupil was rejected"
    ),
    "register_not_delivered": Text("未提交相应名册", "The register was not delivered"),
    "answer_not_stated": Text("回函未写明是否已资助", "The answer does not say whether aid was paid"),
    "no_application_row": Text("申请台账中无此人", "Not in the applications ledger"),
    "no_standard": Text("无生效标准", "No standard in force"),
    "place_not_known": Text(
        "名册和学校名录中没有这一学校或乡镇的名称",
        "No register or directory knows the school or town under this name",
    ),
    "rows_without_place": Text(
        "与明细不同，但有的明细说不出属于哪所学校、乡镇或学段",
        "Differs, and of some rows of the detail nobody can tell the school, town or stage",
    ),
    "not_in_this_detail": Text("明细没有这一口径或分列", "The detail does not tell this basis or division"),
    "scheme_not_stated": Text("台账此行未写项目，其他行写了", "This row names no scheme, others do"),
    "term_not_delivered": Text("该学期发放明细未提交", "No payments of that term were delivered"),
    "no_roster": Text("所在学校未报送花名册", "the school sent no roster"),
    "ledger_of_earlier_term": Text("台账只有以前学期的送教", "the ledger tells of earlier terms alone"),
    "absent_since_return": Text(
        "劝返台账已写复学，此后仍不在校", "back by the ledger of dropouts, not at school since"
    ),
    "reported_long_ago": Text(
        "报告乡镇已逾一年，此后未见跟进", "reported to the township more than a year ago, nothing since"
    ),
    "never_visited": Text("学籍写送教上门，台账无此人", "Taught at home by the record, in no ledger of it"),
    "returned_since": Text(
        "清点日不在校，劝返台账记其后已复学", "away on that day, back since by the ledger of dropouts"
    ),
    "counted_in_other_term": Text("清点日期不在本学期", "counted in another term"),
    "stage_not_covered": Text("学籍数据不含该学段", "a stage that the enrolment data do not hold"),
    "letter_of_earlier_term": Text("函告、回函都在以前的学期", "letter and answer are of an earlier term"),
    "home_teaching_not_delivered": Text(
        "送教上门台账未交来", "the ledger of home teaching was not delivered"
    ),
    "no_roster_of_class": Text("所在班级无一人在花名册中", "nobody of the class is on a roster"),
    "attendance_not_stated": Text("花名册未写明是否在校", "the roster does not say"),
    "ledger_half_read": Text(
        "台账中有同名而未能对上的人，可能是该生",
        "one of the name in a ledger whom no key links, perhaps this child",
    ),
    "roster_half_read": Text("花名册中有同名而未能对上的人", "a namesake on the roster whom no key links"),
    "namesake_at_school": Text("本校学籍中有同名学生", "a pupil of the school bears the name"),
    "grade_not_counted": Text(
        "该学段有年级未清点，已清点的相符", "a grade of the stage was not counted, those counted agree"
    ),
    "heads_unreadable": Text("人数无法识别", "the number cannot be read"),
    "certificate_unreadable": Text("认定栏无法识别", "a certificate cannot be read"),
    "visits_unreadable": Text("送教次数无法识别", "the number of visits cannot be read"),
    "lessons_unreadable": Text("课时无法识别", "the lessons cannot be read"),
    "ledger_not_delivered": Text("该校申请台账未提交", "the school's ledger was not delivered"),
    "places_not_listed": Text(
        "名额表中没有该校的这个项目", "the list of places leaves the school out for this scheme"
    ),
    "stamp_not_stated": Text("未写明是否盖章", "whether it was stamped is not stated"),
    "panel_not_stated": Text("未写明评审人数", "the size of the panel is not stated"),
    "paid_out_not_stated": Text(
        "已拨付一栏空白，也没有结余可推", "What was paid out is not written, nor a balance"
    ),
    "amount_unreadable": Text("金额无法识别", "a sum cannot be read"),
}
"""Why something could not be tested, or a rule not run."""
