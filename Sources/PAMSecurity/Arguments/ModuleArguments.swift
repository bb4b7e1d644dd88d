public import SecurityCore

/// What a line of a service file says behind `pam_security.so`.
///
/// Each argument at most once, no others: a line that is not understood is refused as a whole, because a policy that
/// is half read lets in whom it should not.
public struct ModuleArguments: Equatable, Sendable {
    /// `config=PATH`: the configuration file.
    public var configPath = "/etc/libsecurity/security.toml"
    /// `debug`: names of unknown accounts and the steps of each login are logged. Never a secret.
    public var isDebugging = false
    /// `quiet`: a login that is granted writes no line to the log; refusals and errors always do.
    public var isQuiet = false
    /// `factor=`: what is asked for.
    public var factor: FactorScope = .all
    /// `prompt=TEXT`: the code prompt, as it is, in all languages; nil = ours.
    public var codePrompt: String?
    /// `use_first_pass`: the password is the one that a module above took; it is never asked for.
    public var usesFirstPass = false
    /// `try_first_pass`: the password of a module above is tried, and asked for when it is wrong.
    public var triesFirstPass = false
    /// `use_authtok`: the new password is the one that a module above took; it is never asked for.
    public var usesAuthtok = false
    /// `nullok`: with `factor=code`, an account without a second factor is ignored where the policy requires none.
    public var allowsNoFactor = false
    /// `unknown=user_unknown`: an account that is not ours gives PAM_USER_UNKNOWN instead of PAM_AUTH_ERR.
    public var tellsUnknown = false
    /// `fresh`: a second factor completed at the same place within SECURITY_FRESHNESS is not asked for again.
    public var honoursFreshness = false

    /// The arguments of a line without any.
    public init() {}

    /// Reads the words of a line; nil stands for one that is not UTF-8.
    public init(_ words: [String?]) throws(ArgumentError) {
        var seen: [String] = []
        for word in words {
            guard let word else { throw .malformed("(not UTF-8)") }
            guard let argument = Argument.all.first(where: { $0.owns(word) }) else { throw .unknown(word) }
            guard !seen.contains(argument.name) else { throw .repeated(argument.name) }
            guard argument.apply(argument.value(of: word), &self) else { throw .malformed(word) }
            seen.append(argument.name)
        }
    }
}

/// Why a line was refused.
public enum ArgumentError: Error, Equatable {
    /// No such argument.
    case unknown(String)
    /// Given more than once.
    case repeated(String)
    /// A value is missing, superfluous or out of range.
    case malformed(String)
}

extension ArgumentError: CustomStringConvertible {
    /// One line for the log, escaped.
    public var description: String {
        switch self {
        case .unknown(let word): "unknown module argument: " + AuditRecord.escaped(word)
        case .repeated(let name): "module argument given twice: " + AuditRecord.escaped(name)
        case .malformed(let word): "malformed module argument: " + AuditRecord.escaped(word)
        }
    }
}

/// One row of the table of arguments.
private struct Argument: Sendable {
    /// The word, or what stands before `=`.
    var name: String
    var takesValue = false
    /// Takes the value ("" for a word) over; false = malformed.
    var apply: @Sendable (String, inout ModuleArguments) -> Bool

    static let all: [Argument] = [
        flag("debug") { $0.isDebugging = true },
        flag("quiet") { $0.isQuiet = true },
        flag("use_first_pass") { $0.usesFirstPass = true },
        flag("try_first_pass") { $0.triesFirstPass = true },
        flag("use_authtok") { $0.usesAuthtok = true },
        flag("nullok") { $0.allowsNoFactor = true },
        flag("fresh") { $0.honoursFreshness = true },
        value("config") { text, arguments in
            arguments.configPath = text
            return text.utf8.first == 0x2f && isPlain(text, atMost: 4095)
        },
        value("factor") { text, arguments in
            guard let factor = FactorScope(rawValue: text) else { return false }
            arguments.factor = factor
            return true
        },
        value("prompt") { text, arguments in
            arguments.codePrompt = text
            return isPlain(text, atMost: 255)
        },
        value("unknown") { text, arguments in
            arguments.tellsUnknown = true
            return text.utf8.elementsEqual("user_unknown".utf8)
        },
    ]

    private static func flag(_ name: String, _ set: @escaping @Sendable (inout ModuleArguments) -> Void) -> Argument {
        Argument(name: name) { _, arguments in
            set(&arguments)
            return true
        }
    }

    private static func value(
        _ name: String, _ apply: @escaping @Sendable (String, inout ModuleArguments) -> Bool
    ) -> Argument {
        Argument(name: name, takesValue: true, apply: apply)
    }

    /// Whether the word is this argument; compared byte for byte.
    func owns(_ word: String) -> Bool {
        takesValue
            ? word.utf8.starts(with: (name + "=").utf8) || word.utf8.elementsEqual(name.utf8)
            : word.utf8.elementsEqual(name.utf8)
    }

    /// What stands behind `=`; "" for a word without one, which no value may be.
    func value(of word: String) -> String {
        String(word.utf8.dropFirst(name.utf8.count + 1)) ?? ""
    }

    /// Whether a text is neither empty nor over-long and has no control characters.
    private static func isPlain(_ text: String, atMost limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    }
}
