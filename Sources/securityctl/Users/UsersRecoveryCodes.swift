import ArgumentParser
import SecurityCore

/// `securityctl users recovery-codes`.
struct UsersRecoveryCodes: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery-codes", abstract: "Make new recovery codes for an account; the old ones end.",
        aliases: ["recovery_codes"])

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        guard site.policy.factors.recoveryCodes else {
            throw CommandFailure(
                "SECURITY_MULTI_FACTOR_RECOVERY_CODES is false, so nobody could use the codes: set it to true first",
                status: .configuration)
        }
        let account = try site.account(user.user)
        let count = site.policy.factors.recoveryCodeCount
        guard let codes = RecoveryCodes.generate(count, random: site.environment.random) else {
            throw CommandFailure.noRandomness
        }
        let column = SharedSecret(RecoveryCodes.column(of: codes))
        try site.store.setRecoveryCodes(column, account: account.id, now: site.now)
        if format.isJSON {
            output.json(.array(codes.map { .secret($0) }))
        } else {
            for code in codes { output.line("", code) }
            output.note("Each code works once, in place of a code from the app. They are shown this once.")
        }
    }
}
