import ArgumentParser
import SecurityCore

/// Where a new password comes from: the terminal, unless something else is said.
struct PasswordOptions: ParsableArguments {
    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input, up to its end.")
    var readsStandardInput = false

    @Option(
        name: .customLong("password"),
        help: ArgumentHelp(
            "The password itself, which every user of this machine can read in the list of processes. Refused unless"
                + " LIBSECURITY_CLI_PASSWORD_ARGUMENT = true.", valueName: "text"))
    var argument: String?

    func validate() throws {
        if readsStandardInput, argument != nil {
            throw ValidationError("--password-stdin and --password exclude each other.")
        }
    }

    /// The password, which nobody has judged yet.
    func read(under policy: Policy) throws -> Secret {
        if let argument {
            guard policy.allowsPasswordArgument else { throw PasswordOptions.argumentRefused }
            return Secret(utf8: argument)
        }
        return readsStandardInput ? try PasswordOptions.fromStandardInput() : try fromTerminal()
    }

    /// Refuses `--password` before any work is done.
    func checkArgument(under policy: Policy) throws {
        if argument != nil, !policy.allowsPasswordArgument { throw PasswordOptions.argumentRefused }
    }

    private static var argumentRefused: CommandFailure {
        CommandFailure(
            "--password shows the password to every user of this machine. Leave it out to be asked without echo, or use"
                + " --password-stdin. LIBSECURITY_CLI_PASSWORD_ARGUMENT = true in the configuration allows it")
    }

    /// The only line of standard input.
    static func fromStandardInput() throws -> Secret {
        let input = Descriptor.standardInput
        guard !input.isTerminal else {
            throw CommandFailure(
                "--password-stdin reads a pipe or a file, not a terminal. Leave it out to be asked without echo")
        }
        guard let text = input.readAll(limit: PasswordHasher.longestPassword + 1) else {
            throw CommandFailure("the password cannot be read from standard input, or is longer than 4096 bytes")
        }
        return try text.withBytes { bytes in
            let hasEnd = !bytes.isEmpty && bytes[bytes.count - 1] == 0x0a
            let line = bytes.extracting(0..<(hasEnd ? bytes.count - 1 : bytes.count))
            guard !line.contains(0x0a) else {
                throw CommandFailure("standard input holds more than one line: a password is one")
            }
            return Secret(copying: line)
        }
    }

    /// Asks twice, in Flask-Security's words.
    private func fromTerminal() throws -> Secret {
        guard let terminal = Terminal() else {
            throw CommandFailure("there is no terminal to ask for the password on: use --password-stdin")
        }
        guard let first = terminal.ask("Password: ", isHidden: true),
            let second = terminal.ask("Repeat for confirmation: ", isHidden: true)
        else { throw CommandFailure("no password was given: nothing was changed") }
        let areEqual = first.withBytes { first in second.withBytes { ConstantTime.equal(first, $0) } }
        guard areEqual else { throw CommandFailure("the two entered values do not match: nothing was changed") }
        return first
    }
}

extension Span where Element == UInt8 {
    fileprivate func contains(_ byte: UInt8) -> Bool {
        indices.contains { self[$0] == byte }
    }
}
