import CLibSecurity
import SecurityCore
import SecurityStore

/// What an `lsec_context` keeps: a policy and a language, which never change, and the texts of errors.
final class Context {
    private static let mark: UInt64 = 0x6C73_6563_5F63_7478

    let policy: Policy
    let translations: Translations
    let environment = Environment.system
    let errors = ErrorLog()

    init(policy: Policy, translations: Translations) {
        self.policy = policy
        self.translations = translations
    }

    /// What a person is told.
    func text(_ message: Message) -> String { policy.messages.text(message, in: translations) }

    /// A handle for a C program; nil when memory ran out.
    func makeHandle() -> OpaquePointer? {
        unsafe Handle.make(self, mark: Context.mark)
    }

    /// The handle behind a pointer of a C program.
    static func handle(_ pointer: OpaquePointer?) -> Handle<Context>? {
        unsafe Handle(pointer, mark: mark)
    }

    /// Runs the body of an exported function; what it throws is kept for lsec_last_error() and becomes its result.
    static func run(_ pointer: OpaquePointer?, _ body: (Context) throws(Failure) -> lsec_result) -> lsec_result {
        guard let context = unsafe handle(pointer)?.object else { return LSEC_ERR_ARGUMENT }
        return context.run { () throws(Failure) in try body(context) }
    }

    /// Runs a part of an exported function likewise.
    func run(_ body: () throws(Failure) -> lsec_result) -> lsec_result {
        do throws(Failure) {
            return try body()
        } catch {
            if error.result.rawValue < 0 { errors.record(error.message) }
            return error.result
        }
    }

    /// The account database, opened for one call.
    func openStore() throws(Failure) -> any AccountDirectory {
        do throws(StoreError) {
            return try StoreFactory.open(policy.database, by: .host)
        } catch {
            throw Failure(error)
        }
    }

    /// The account of an id.
    func account(_ id: Int64, in store: any AccountDirectory) throws(Failure) -> Account {
        let account: Account?
        do throws(StoreError) {
            account = try store.account(id: id)
        } catch {
            throw Failure(error)
        }
        guard let account else { throw Failure(.missingAccount(id: id)) }
        return account
    }

    /// The account of an identity.
    func find(_ identity: LoginIdentity) throws(Failure) -> AccountMatch {
        let store = try openStore()
        do throws(StoreError) {
            return try AccountFinder(policy: policy, store: store).find(identity)
        } catch {
            throw Failure(error)
        }
    }
}
