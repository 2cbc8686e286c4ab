//! Personal data that letters of other scripts touch.

use super::found;

#[test]
fn numbers_are_found_where_a_sentence_without_spaces_touches_them() {
    for (text, name, part) in [
        ("卡号4111111111111111", "CREDIT_CARD", "4111111111111111"),
        ("我的电话是13800138000", "PHONE_NUMBER", "13800138000"),
        ("手机：13800138000", "PHONE_NUMBER", "13800138000"),
        ("请拨打13800138000联系我", "PHONE_NUMBER", "13800138000"),
        ("電話番号は03-1234-5678です", "PHONE_NUMBER", "03-1234-5678"),
        ("전화번호는 010-1234-5678입니다", "PHONE_NUMBER", "010-1234-5678"),
        ("账号GB82WEST12345698765432", "IBAN_CODE", "GB82WEST12345698765432"),
        ("转到GB82WEST12345698765432吧", "IBAN_CODE", "GB82WEST12345698765432"),
        ("服务器8.8.8.8宕机", "IP_ADDRESS", "8.8.8.8"),
        ("карта4111111111111111", "CREDIT_CARD", "4111111111111111"),
        (
            "地址2a00:1450:4001:81b::200e不通",
            "IP_ADDRESS",
            "2a00:1450:4001:81b::200e",
        ),
    ] {
        assert_eq!(found(text), [(name, part)], "{text}");
    }
    for text in [
        "打了1234567次电话",
        "订单号13800138000",
        "x4111111111111111",
        "4111111111111111_a",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn an_address_of_email_ends_where_the_script_changes() {
    for (text, address) in [
        ("请发邮件到zhang.san@qq.com确认订单", "zhang.san@qq.com"),
        ("邮箱123456@qq.com，谢谢", "123456@qq.com"),
        ("пишитеivan@mail.ruсегодня", "ivan@mail.ru"),
        ("почта@пример.рф", "почта@пример.рф"),
        ("用户@例子.中国", "用户@例子.中国"),
        ("zoë.müller@münchen.de", "zoë.müller@münchen.de"),
    ] {
        assert_eq!(found(text), [("EMAIL_ADDRESS", address)], "{text}");
    }
}
