import ArgumentParser
import SecurityCore

/// `securityctl users totp status`.
struct UsersTOTPStatus: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how the TOTP secret of an account is sealed, and whether it opens.",
        discussion: """
            Shows no secret. The exit status is 1 when there is none, or when it cannot be opened: then no code of this \
            account is ever right, and the reason is told.
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        let account = try site.account(user.user)
        guard let method = account.primaryMethod, let stored = account.totpWallet else {
            throw CommandFailure("User \(user.shown) has no TOTP secret")
        }
        let wallet = TOTPWallet(secrets: site.policy.secrets.totpSecrets, cost: site.policy.totp.walletCost)
        let opened = try open(stored, wallet)
        let isCurrent = wallet.resealed(opened, random: site.environment.random) == nil
        if format.isJSON {
            output.json(
                .object([
                    ("method", .string(method)), ("tag", .optional(opened.seal?.tag)),
                    ("cost", opened.seal.map { .int(Int64($0.cost)) } ?? .null), ("current", .bool(isCurrent)),
                ]))
        } else {
            let seal = opened.seal.map { "sealed with tag \($0.tag.printable), cost \($0.cost)" } ?? "not encrypted"
            output.line("TOTP secret of user \(user.shown) (\(method.printable)): \(seal).")
            if !isCurrent { output.note("The next right code seals it anew, unless LIBSECURITY_TOTP_RESEAL is false.") }
        }
    }

    private func open(_ stored: SharedSecret, _ wallet: TOTPWallet) throws -> OpenedWallet {
        do throws(WalletError) {
            return try stored.withBytes { (bytes) throws(WalletError) in try wallet.read(bytes) }
        } catch {
            throw CommandFailure("the TOTP secret of user \(user.shown) \(error)")
        }
    }
}
