public import SecurityCore
import SecurityStore

/// One call of libpam into the module: arguments and items in, a return code out.
///
/// A thin driver of the core, without a rule of its own. Requirements (tests name the number):
/// 1. Nothing is kept between two calls: configuration and database are opened in each and closed before it returns.
/// 2. An error is never a success, and PAM_IGNORE never an answer to one.
/// 3. A password or code reaches the core as a ``Secret`` only, and never the log.
/// 4. Every decision is one line in the log.
public struct ServiceModule {
    /// The entry points of a module.
    public enum Call: CaseIterable, Sendable {
        case authenticate, setCredentials, reviewAccount, openSession, closeSession, changePassword
    }

    let transaction: any Transaction
    let flags: Flags
    let arguments: ModuleArguments
    let environment: Environment

    /// Runs one call. `words` are the arguments of the line, nil for one that is not UTF-8.
    public static func run(
        _ call: Call, _ transaction: any Transaction, flags: Flags, words: [String?], environment: Environment
    ) -> ReturnCode {
        let arguments: ModuleArguments
        do throws(ArgumentError) {
            arguments = try ModuleArguments(words)
        } catch {
            transaction.log(.error, error.description)
            return Outcome.badArgument.code(in: call.group)
        }
        let module = ServiceModule(
            transaction: transaction, flags: flags, arguments: arguments, environment: environment)
        let code = module.outcome(of: call).code(in: call.group)
        module.trace("returns " + code.name)
        return code
    }

    private func outcome(of call: Call) -> Outcome {
        // Hosts call these also when no line of ours took part in the login (cron, sshd after a public key), and in other
        // processes: there is nothing to do, and a failure would end the host's session.
        guard call.group != .credentials, call.group != .session else { return .done }
        var known: LoginIdentity?
        do throws(Interruption) {
            let identity = try identity()
            known = identity
            return try outcome(of: call, identity)
        } catch {
            report(error, known)
            return error.outcome
        }
    }

    private func outcome(of call: Call, _ identity: LoginIdentity) throws(Interruption) -> Outcome {
        switch call {
        case .authenticate: try authenticate(identity)
        case .reviewAccount: try reviewAccount(identity)
        case .changePassword: try changePassword(identity)
        case .setCredentials, .openSession, .closeSession: .done
        }
    }

    /// Who is meant. A name that is not UTF-8 is nobody's.
    private func identity() throws(Interruption) -> LoginIdentity {
        guard let name = try transaction.userName() else { return .host(name: "", isSuperuser: false) }
        return .host(name: name, isSuperuser: LoginName.isAcceptable(name) && transaction.isSuperuser(name))
    }

    /// Where a login comes from. PAM_RUSER is the caller's own word and not asked.
    var origin: Origin {
        if let host = transaction.text(.remoteHost) { return Origin(remoteHost: host) }
        return Origin(localUser: transaction.callerID)
    }

    /// The policy and its account database, open until let go.
    func openSite() throws(Interruption) -> Site {
        let policy = try readPolicy()
        do throws(StoreError) {
            let store = try StoreFactory.open(policy.database)
            return Site(policy: policy, store: store, translations: translations(policy))
        } catch {
            throw interruption(error)
        }
    }

    /// Those of the session's language: what the session's own environment says, else that of the process.
    private func translations(_ policy: Policy) -> Translations {
        let preferences =
            LanguagePreferences { transaction.variable($0, of: .session) }
            ?? LanguagePreferences { transaction.variable($0, of: .process) }
        return policy.messages.translations(for: preferences)
    }

    private func readPolicy() throws(Interruption) -> Policy {
        let reading: PolicyReading
        do throws(PolicyFileError) {
            reading = try PolicyReader.read(file: arguments.configPath)
        } catch {
            transaction.log(.error, error.description)
            if case .forbidden = error { throw Interruption(.noRights, "configuration-forbidden") }
            throw Interruption(.unavailable, "configuration-unreadable")
        }
        guard let policy = reading.policy else {
            for diagnostic in reading.errors { transaction.log(.error, diagnostic.description) }
            throw Interruption(.unavailable, "configuration-invalid")
        }
        return policy
    }

    /// What a failure of the account database comes to; the log says more.
    func interruption(_ error: StoreError) -> Interruption {
        transaction.log(.error, error.description)
        switch error {
        case .unreadable: return Interruption(.noRights, "database-forbidden")
        case .locked: return Interruption(.busy, "database-locked")
        case .missing, .readOnly, .damaged, .diskFull, .schema, .unsupported:
            return Interruption(.unavailable, "database-unavailable")
        case .outOfMemory: return Interruption(.outOfMemory, "out-of-memory")
        // Deleted, deactivated or given another password while it logged in.
        case .missingAccount, .staleAccount: return Interruption(.refused, "account-changed")
        case .conflict, .exists, .failed: return Interruption(.systemFailure, "database-failed")
        }
    }
}

/// A policy, the account database that it names, and its texts in the user's language.
struct Site {
    let policy: Policy
    let store: any AccountStore
    let translations: Translations

    /// The text of a message.
    func text(_ message: Message) -> String { policy.messages.text(message, in: translations) }
}

extension ServiceModule.Call {
    /// The group whose codes the call returns.
    public var group: Group {
        switch self {
        case .authenticate: .authenticate
        case .setCredentials: .credentials
        case .reviewAccount: .account
        case .openSession, .closeSession: .session
        case .changePassword: .password
        }
    }
}
