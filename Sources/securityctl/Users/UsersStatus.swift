import ArgumentParser
import SecurityCore

/// `securityctl users activate`.
struct UsersActivate: SiteCommand {
    static let configuration = CommandConfiguration(commandName: "activate", abstract: "Let an account log in.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        let isChange = try site.store.setActive(true, account: site.account(user.user).id, now: site.now)
        output.line("User \(user.shown) " + (isChange ? "has been activated." : "was already activated."))
    }
}

/// `securityctl users deactivate`.
struct UsersDeactivate: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "deactivate", abstract: "Keep an account from logging in.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        let isChange = try site.store.setActive(false, account: site.account(user.user).id, now: site.now)
        output.line("User \(user.shown) " + (isChange ? "has been deactivated." : "was already deactivated."))
    }
}

/// `securityctl users confirm`.
struct UsersConfirm: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm", abstract: "Take the e-mail address of an account as confirmed, now.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        let isChange = try site.store.confirm(account: site.account(user.user).id, now: site.now)
        output.line("User \(user.shown) " + (isChange ? "has been confirmed." : "was already confirmed."))
    }
}

/// `securityctl users reset-access`.
struct UsersResetAccess: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-access",
        abstract: "Take all sessions, tokens, second factors and sign-in methods from an account.",
        discussion: """
            Security keys, the authenticator app, recovery codes and phone numbers are gone after it; the password stays.
            """,
        aliases: ["reset_access"])

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        let account = try site.account(user.user)
        try site.store.resetAccess(account: account.id, fsUniquifier: site.newUniquifier(), now: site.now)
        output.line("User \(user.shown) authentication credentials have been reset.")
    }
}

/// `securityctl users end-sessions`.
struct UsersEndSessions: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "end-sessions", abstract: "End all sessions, tokens and mailed links of an account.",
        discussion: "Remembered browsers sign in anew too. Password and second factors stay.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        let account = try site.account(user.user)
        try site.store.endSessions(account: account.id, fsUniquifier: site.newUniquifier(), now: site.now)
        output.line("The sessions of user \(user.shown) have been ended.")
    }
}

/// `securityctl users unlock`.
struct UsersUnlock: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Forget the failed attempts that are counted against an account.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        try site.store.unlock(account: site.account(user.user).id)
        output.line("User \(user.shown) has been unlocked.")
    }
}

/// `securityctl users delete`.
struct UsersDelete: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete an account with its roles and security keys.",
        discussion: "To keep somebody out and keep the account, use 'users deactivate'.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument
    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false

    func run(on site: Site, output: Output) throws {
        let account = try site.account(user.user)
        if !yes { try confirm(account) }
        try site.store.deleteAccount(id: account.id)
        output.line("User \(user.shown) has been deleted.")
    }

    private func confirm(_ account: Account) throws {
        guard let terminal = Terminal() else {
            throw CommandFailure("there is no terminal to confirm the deletion on: use --yes")
        }
        let name = account.username ?? account.email
        let answer = terminal.ask("Delete \(account.email.printable) (\(name.printable))? [y/N] ", isHidden: false)
        let isYes = answer?.withBytes { $0.count == 1 && $0[0] | 0x20 == UInt8(ascii: "y") } ?? false
        guard isYes else { throw CommandFailure("nothing was deleted") }
    }
}
