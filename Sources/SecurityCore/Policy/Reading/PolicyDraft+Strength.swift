/// How hard to guess passwords must be.
extension PolicyDraft {
    /// Reads SECURITY_PASSWORD_COMPLEXITY_CHECKER and what belongs to it; nil when nothing is checked.
    func strengthPolicy() -> StrengthPolicy? {
        var policy = StrengthPolicy()
        policy.minimumScore = integer("SECURITY_ZXCVBN_MINIMUM_SCORE") ?? policy.minimumScore
        let key = "LIBSECURITY_ZXCVBN_FILE"
        if let path = text(key) {
            if path.utf8.contains(0) { report(.error, key, "holds a NUL character; write the path of a file") }
            policy.file = path.hasPrefix("/") ? path : folder + path
        }
        return has("SECURITY_PASSWORD_COMPLEXITY_CHECKER") ? policy : nil
    }
}
