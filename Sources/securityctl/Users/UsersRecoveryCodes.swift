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
        let account = try site.account(user.user)
        let codes = try site.enrolment.replaceRecoveryCodes(account: account.id)
        if format.isJSON {
            output.json(.array(codes.map { .secret($0) }))
        } else {
            for code in codes { output.line("", code) }
            output.note("Each code works once, in place of a code from the app. They are shown this once.")
        }
    }
}
