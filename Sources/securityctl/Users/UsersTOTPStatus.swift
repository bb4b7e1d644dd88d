import ArgumentParser
import SecurityCore

/// `securityctl users totp status`.
struct UsersTOTPStatus: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how the TOTP secrets of an account are sealed, and whether they open.",
        discussion: """
            That of the second factor, and those of unified sign-in by method. Shows no secret. The exit status is 1 when \
            there is none, or when one cannot be opened: then no code of it is ever right, and the reason is told.
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var user: UserArgument

    /// A secret's seal, opened.
    private struct Entry {
        let method: String
        let opened: OpenedWallet
        let isCurrent: Bool

        var members: [(String, JSON)] {
            [
                ("method", .string(method)), ("tag", .optional(opened.seal?.tag)),
                ("cost", opened.seal.map { .int(Int64($0.cost)) } ?? .null), ("current", .bool(isCurrent)),
            ]
        }

        var text: String {
            let seal = opened.seal.map { "sealed with tag \($0.tag.printable), cost \($0.cost)" } ?? "not encrypted"
            return "(\(method.printable)): \(seal)."
        }
    }

    func run(on site: Site, output: Output) throws {
        let account = try site.account(user.user)
        var second: Entry?
        if let method = account.primaryMethod, let stored = account.totpWallet {
            second = try entry(method, stored, "the TOTP secret", site)
        }
        let unified = try unifiedEntries(of: account, site)
        guard second != nil || !unified.isEmpty else { throw CommandFailure("User \(user.shown) has no TOTP secret") }
        if format.isJSON {
            output.json(
                .object((second?.members ?? []) + [("unified", .array(unified.map { JSON.object($0.members) }))]))
            return
        }
        if let second { output.line("TOTP secret of user \(user.shown) \(second.text)") }
        for entry in unified { output.line("Unified sign-in of user \(user.shown) \(entry.text)") }
        if !([second].compactMap { $0 } + unified).allSatisfy({ $0.isCurrent }) {
            output.note("The next right code seals it anew, unless LIBSECURITY_TOTP_RESEAL is false.")
        }
    }

    private func unifiedEntries(of account: Account, _ site: Site) throws -> [Entry] {
        guard let column = account.unifiedSecrets else { return [] }
        guard let secrets = UnifiedSecrets(column) else {
            throw CommandFailure("us_totp_secrets of user \(user.shown) is no JSON object of wallets by method")
        }
        return try secrets.methods.map { method in
            let name = "the unified sign-in secret (\(method.printable))"
            guard let stored = secrets.wallet(of: method) else {
                throw CommandFailure("\(name) of user \(user.shown) \(WalletError.malformed)")
            }
            return try entry(method, stored, name, site)
        }
    }

    private func entry(_ method: String, _ stored: SharedSecret, _ name: String, _ site: Site) throws -> Entry {
        let wallet = TOTPWallet(secrets: site.policy.secrets.totpSecrets, cost: site.policy.totp.walletCost)
        do throws(WalletError) {
            let opened = try stored.withBytes { (bytes) throws(WalletError) in try wallet.read(bytes) }
            let isCurrent = wallet.resealed(opened, random: site.environment.random) == nil
            return Entry(method: method, opened: opened, isCurrent: isCurrent)
        } catch {
            throw CommandFailure("\(name) of user \(user.shown) \(error)")
        }
    }
}
