import ArgumentParser
import SecurityCore

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
        let change = PasswordChange(policy: site.policy, store: site.store, environment: site.environment)
        switch try change.set(new, account: account.id) {
        case .changed: output.line("Password of user \(user.shown) has been changed.")
        case .refused(let flaws): throw CommandFailure("Error changing password. " + site.text(flaws))
        }
    }
}

extension Site {
    /// All reasons in the user's language, and the keys that they come from.
    func text(_ flaws: [PasswordFlaw]) -> String {
        flaws.map { flaw in
            let text = text(flaw.message)
            let sentence = text.hasSuffix(".") ? text : text + "."
            switch flaw {
            case .tooShort: return sentence + " (SECURITY_PASSWORD_LENGTH_MIN)"
            case .tooLong: return sentence + " (LIBSECURITY_PASSWORD_LENGTH_MAX)"
            case .empty, .tooManyBytes, .containsNUL, .notUTF8, .sameAsOld: return sentence
            }
        }.joined(separator: " ")
    }
}
