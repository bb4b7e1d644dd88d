import Testing

@testable import SecurityCore

@Suite struct UsernameTests {
    @Test(
        arguments: [
            ("annlee", nil), ("", UsernameFlaw.missing), (" annlee", .illegalCharacters),
            ("ann<b>", .illegalCharacters),
            ("ann lee", .disallowedCharacters), ("ann-lee", .disallowedCharacters), ("ann", .length(UsernamePolicy())),
            (String(repeating: "a", count: 33), .length(UsernamePolicy())), ("jüdith1", nil), ("１２３４", nil),
        ] as [(String, UsernameFlaw?)])
    func `user names are judged in order`(name: String, flaw: UsernameFlaw?) {
        switch Username.judge(name, UsernamePolicy()) {
        case .success: #expect(flaw == nil)
        case .failure(let found): #expect(found == flaw)
        }
    }

    @Test(
        arguments: [
            (["L", "N", "Pd"], "ann-lee", true), (["L", "N", "Pd"], "ann_lee", false), (["Lu"], "ANNLEE", true),
            (["Lu"], "AnnLee", false), ([], "ann_lee!", true), ([], "ann<lee", false),
        ])
    func `the allowed categories of Unicode are prefixes`(allowed: [String], name: String, isTaken: Bool) {
        var policy = UsernamePolicy()
        policy.allowedCategories = allowed
        let verdict = Username.judge(name, policy)
        #expect((try? verdict.get()) == (isTaken ? name : nil))
    }
}
