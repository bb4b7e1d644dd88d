import ArgumentParser
import SecurityCore

/// `securityctl users totp`.
struct UsersTOTP: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totp", abstract: "Give an account an authenticator app, or take its second factor away.",
        subcommands: [UsersTOTPEnrol.self, UsersTOTPStatus.self, UsersTOTPRemove.self])
}

/// `securityctl users totp enrol`.
struct UsersTOTPEnrol: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol", abstract: "Make an authenticator app the second factor of an account.",
        discussion: """
            Shows a new key as QR code, as otpauth URI and in groups to type, and asks for the app's first code. Only with \
            a right code is the key stored, so that a mistake locks nobody out. The code is read from the terminal, or \
            from standard input if that is a pipe or a file.
            """,
        aliases: ["enroll"])

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var user: UserArgument
    @Flag(help: "Replace the second factor that the account has.") var replace = false
    @Flag(name: .customLong("no-verify"), help: "Store the key without asking for a first code.")
    var skipsVerification = false
    @Flag(name: .customLong("no-qr"), help: "Draw no QR code.") var skipsQRCode = false

    func run(on site: Site, output: Output) throws {
        guard site.policy.factors.enabledMethods.contains(.authenticator) else {
            throw CommandFailure(
                "SECURITY_TWO_FACTOR_ENABLED_METHODS does not name \"authenticator\": add it first",
                status: .configuration)
        }
        let account = try site.account(user.user)
        let enrolment = try TOTPEnrolment(account: account, site: site)
        if let method = try site.record(account).twoFactorMethod, !replace {
            throw CommandFailure(
                "User \(user.shown) has a second factor already (\(method.printable)): --replace puts this one in its place"
            )
        }
        try show(enrolment, output)
        if skipsVerification { try enrolment.store() } else { try storeWithCode(enrolment, output) }
        let done = "Authenticator app of user \(user.shown) has been enrolled."
        if format.isJSON { output.note(done) } else { output.line(done) }
        for note in enrolment.notes { output.note(note) }
    }

    private func show(_ enrolment: TOTPEnrolment, _ output: Output) throws {
        if format.isJSON {
            output.json(enrolment.json)
        } else {
            if !skipsQRCode { try drawQRCode(enrolment.uri, output) }
            output.line("URI: ", enrolment.uri)
            output.line("Key: ", enrolment.keyForPeople)
        }
        try output.flush()
    }

    private func drawQRCode(_ uri: SharedSecret, _ output: Output) throws {
        guard let code = QRCode(uri) else { throw CommandFailure("the QR code could not be drawn: use --no-qr") }
        output.text(code.text(isColored: Descriptor.standardOutput.isTerminal))
    }

    private static let attempts = 3

    /// Asks for a code until one is right, and stores the key.
    private func storeWithCode(_ enrolment: TOTPEnrolment, _ output: Output) throws {
        let prompt = try CodePrompt()
        for attempt in 1...UsersTOTPEnrol.attempts {
            guard let typed = prompt.read() else { break }
            if try enrolment.store(provenBy: typed) { return }
            output.note(attempt < UsersTOTPEnrol.attempts ? "Wrong code." : "Wrong code, for the last time.")
        }
        throw CommandFailure(
            "no right code was given, nothing was stored. Do the clocks of this machine and the app agree?")
    }
}

/// Where the first code is typed.
private enum CodePrompt {
    case terminal(Terminal)
    case input(Descriptor)

    init() throws {
        let input = Descriptor.standardInput
        if !input.isTerminal {
            self = .input(input)
        } else if let terminal = Terminal() {
            self = .terminal(terminal)
        } else {
            throw CommandFailure("there is no terminal to ask for a code on: pipe one in, or use --no-verify")
        }
    }

    func read() -> Secret? {
        switch self {
        case .terminal(let terminal): terminal.ask("Code from the app: ", isHidden: false)
        case .input(let input): input.readLine(limit: 255)
        }
    }
}

/// `securityctl users totp remove`.
struct UsersTOTPRemove: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take the second factor of an account away.",
        discussion: "Recovery codes and security keys stay; 'users reset-access' takes them too.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        let account = try site.account(user.user)
        guard let method = try site.record(account).twoFactorMethod else {
            throw CommandFailure("User \(user.shown) has no second factor that could be removed")
        }
        try site.store.setTOTPWallet(nil, account: account.id, now: site.now)
        output.line("Second factor (\(method.printable)) of user \(user.shown) has been removed.")
        if site.policy.factors.isRequired {
            output.note("SECURITY_TWO_FACTOR_REQUIRED is true: the account cannot log in until it has a new one.")
        }
    }
}
