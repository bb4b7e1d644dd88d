import SecurityCore

extension ServiceModule {
    /// A token: that of a module above, or what the user answers; kept for the modules below.
    ///
    /// libpam asks with its own words, which know the host's own ways (PAM_AUTHTOK_TYPE), in the language of the process.
    /// Somebody with another language is asked here, and a new password twice, as libpam does.
    func ask(
        for token: Token, _ prompt: FixedMessage, repeat repeated: FixedMessage? = nil, _ site: Site
    ) throws(Interruption) -> SharedSecret {
        guard !site.translations.isEmpty else { return try transaction.token(token) }
        if let stacked = transaction.stacked(token) { return stacked }
        let answer = try transaction.answer(to: site.text(Message(prompt)))
        if let repeated {
            let second = try transaction.answer(to: site.text(Message(repeated)))
            let areEqual = answer.withBytes { first in second.withBytes { ConstantTime.equal(first, $0) } }
            guard areEqual else {
                show(site.text(Message(.retypePasswordMismatch)))
                throw Interruption(.entriesDiffer, "entries-differ")
            }
        }
        transaction.keep(answer, as: token)
        return answer
    }
}
