public import SecurityCore
import SecurityStore

/// One call of libpam into the module: arguments and items in, a return code out.
///
/// A thin driver of the core, without a rule of its own. Requirements (tests name the number):
/// 1. Configuration and database are opened in each call and closed before it returns. One thing is kept between two
///    calls, in the transaction: what remains to be recorded of a right code (``Transaction/keep(_:under:)``). It holds no
///    secret, and is the application's to drop.
/// 2. An error is never a success, and PAM_IGNORE never an answer to one.
/// 3. A password or code reaches the core as a ``Secret`` only, and never the log.
/// 4. Every decision is one line in the log.
/// 5. A name of uid 0 that cannot be granted is answered without the account database, and whatever the state of the
///    configuration: root's login must not depend on either.
/// 6. Nothing is granted or stored for a name that the application has changed since the call began.
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
        var known: Target?
        do throws(Interruption) {
            switch call {
            case .openSession, .closeSession:
                return .done
            case .setCredentials:
                return try setCredentials()
            case .authenticate, .reviewAccount, .changePassword:
                let target = try target()
                known = target
                return try outcome(of: call, target)
            }
        } catch {
            report(error, known?.name)
            return error.outcome
        }
    }

    private func outcome(of call: Call, _ target: Target) throws(Interruption) -> Outcome {
        switch call {
        case .authenticate: try authenticate(target)
        case .reviewAccount: try reviewAccount(target)
        case .changePassword: try changePassword(target)
        case .setCredentials, .openSession, .closeSession: .done
        }
    }

    /// Who is meant. A name that is not UTF-8 is nobody's.
    private func target() throws(Interruption) -> Target {
        guard let name = try transaction.userName() else { return Target(name: "", uid: nil) }
        return Target(name: name, uid: LoginName.isAcceptable(name) ? transaction.systemID(of: name) : nil)
    }

    /// Where a login comes from.
    func origin(of target: Target) -> Origin {
        LoginPlace(
            remoteHost: transaction.text(.remoteHost), terminal: transaction.text(.terminal),
            caller: transaction.callerID, account: target.uid
        ).origin
    }

    /// Whether the application still means whom the call began with (requirement 6): it may have changed PAM_USER while it
    /// asked its user.
    func requireUnchanged(_ target: Target) throws(Interruption) {
        guard transaction.isUser(target.name) else { throw Interruption(.systemFailure, "user-changed") }
    }

    /// The policy and its account database, which is opened when it is first asked something, and stays open until let go.
    func openSite() throws(Interruption) -> Site {
        let policy = try readPolicy()
        return Site(policy: policy, store: BriefStore(policy.database), translations: translations(policy))
    }

    /// The same; nil for a name of uid 0 while the configuration is missing, unreadable or invalid. Only root can write that
    /// file, and root is answered as without LIBSECURITY_PAM_ALLOW_ROOT, so that another module may let root in.
    func openSite(for target: Target) throws(Interruption) -> Site? {
        do throws(Interruption) {
            return try openSite()
        } catch {
            guard LoginName.isAcceptable(target.name), target.identity.isSuperuser else { throw error }
            return nil
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
        case .untrusted: return Interruption(.noRights, "database-untrusted")
        case .locked: return Interruption(.busy, "database-locked")
        case .overdue: return Interruption(.busy, "database-overdue")
        case .missing, .readOnly, .damaged, .diskFull, .schema, .unsupported:
            return Interruption(.unavailable, "database-unavailable")
        case .outOfMemory: return Interruption(.outOfMemory, "out-of-memory")
        // Deleted, deactivated or given another password while it logged in.
        case .missingAccount, .staleAccount: return Interruption(.refused, "account-changed")
        case .conflict, .exists, .failed: return Interruption(.systemFailure, "database-failed")
        }
    }
}

/// Whom a call is about.
struct Target {
    /// PAM_USER; "" when it is not UTF-8.
    let name: String
    /// The uid that the system gives the name; nil = the system does not know it.
    let uid: UInt32?

    /// The name as the core looks it up.
    var identity: LoginIdentity { .host(name: name, isSuperuser: uid == 0) }
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
