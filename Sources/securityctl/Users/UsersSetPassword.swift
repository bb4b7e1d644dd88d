import ArgumentParser
import SecurityCore
import SecurityNetwork

/// `securityctl users set-password`.
struct UsersSetPassword: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-password", abstract: "Give an account a new password, and end all of its sessions.",
        aliases: ["change_password", "change-password", "set_password"])

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument
    @OptionGroup var password: PasswordOptions

    func run(on site: Site, output: Output) throws {
        try password.checkArgument(under: site.policy)
        let account = try site.account(user.user)
        let new = try password.read(under: site.policy)
        let change = PasswordChange(
            policy: site.policy, store: site.store, environment: site.environment,
            service: RangeService(site.policy.passwords.breached))
        switch try change.set(new, account: account.id) {
        case .changed: output.line("Password of user \(user.shown) has been changed.")
        case .refused(let flaws): throw CommandFailure.refusal("Error changing password. " + site.text(flaws))
        }
    }
}

extension Site {
    /// All reasons in the user's language, and the keys that they come from.
    func text(_ flaws: [PasswordFlaw]) -> String {
        flaws.map { flaw in
            let sentences = flaw.messages.map { text($0) }.map { $0.utf8.last == 0x2E ? $0 : $0 + "." }
            let sentence = sentences.joined(separator: " ")
            switch flaw {
            case .tooShort: return sentence + " (SECURITY_PASSWORD_LENGTH_MIN)"
            case .tooLong: return sentence + " (LIBSECURITY_PASSWORD_LENGTH_MAX)"
            case .breached: return sentence + " (SECURITY_PASSWORD_CHECK_BREACHED)"
            case .tooSimple: return sentence + " (SECURITY_ZXCVBN_MINIMUM_SCORE)"
            case .empty, .tooManyBytes, .containsNUL, .notUTF8, .breachedUnknown, .strengthUnknown, .notConfirmed,
                .sameAsOld:
                return sentence
            }
        }.joined(separator: " ")
    }
}
