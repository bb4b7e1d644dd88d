/// How hard to guess passwords must be.
extension PolicyDraft {
    /// Reads SECURITY_PASSWORD_COMPLEXITY_CHECKER and what belongs to it; nil when nothing is checked.
    func strengthPolicy() -> StrengthPolicy? {
        let checker = "SECURITY_PASSWORD_COMPLEXITY_CHECKER"
        var policy = StrengthPolicy()
        policy.minimumScore = integer("SECURITY_ZXCVBN_MINIMUM_SCORE") ?? policy.minimumScore
        let key = "LIBSECURITY_ZXCVBN_FILE"
        if let path = text(key) {
            if path.utf8.contains(0) { report(.error, key, "holds a NUL character; write the path of a file") }
            policy.file = path.utf8.first == 0x2F ? path : folder + path
        } else if let dataFolder {
            policy.file = dataFolder + "/libsecurity/zxcvbn.dat"
        }
        let words = "LIBSECURITY_PASSWORD_CONTEXT_WORDS"
        policy.contextWords = texts(words) ?? []
        if has(checker) { return policy }
        if !policy.contextWords.isEmpty {
            report(.warning, words, "is set, but nothing compares passwords with it: write \(checker) = \"zxcvbn\"")
        }
        return nil
    }
}
