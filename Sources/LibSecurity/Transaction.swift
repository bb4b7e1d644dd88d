import CLibSecurity
import SecurityCore
import SecurityStore
import Synchronization

/// What an `lsec_transaction` keeps: one login, the database that it opens for each call, and the context.
final class Transaction {
    private static let mark: UInt64 = 0x6C73_6563_5F74_786E

    let context: Context
    private let request: Request
    private let store: BriefStore
    private let login: Authentication
    /// Set by an error, which ends a transaction as denied.
    private var hasFailed = false
    private let isBusy = Atomic<Bool>(false)

    init(context: Context, identity: String, request: Request) {
        self.context = context
        self.request = request
        store = BriefStore(context.policy.database)
        login = Authentication(
            policy: context.policy, store: store, environment: context.environment, request: request.login(identity))
    }

    // MARK: The handle

    /// A handle for a C program; nil when memory ran out.
    func makeHandle() -> OpaquePointer? {
        unsafe Handle.make(self, mark: Transaction.mark)
    }

    /// The handle behind a pointer of a C program.
    static func handle(_ pointer: OpaquePointer?) -> Handle<Transaction>? {
        unsafe Handle(pointer, mark: mark)
    }

    /// Runs the body of an exported function while no other thread uses the transaction.
    static func run(_ pointer: OpaquePointer?, _ body: (Transaction) throws(Failure) -> lsec_result) -> lsec_result {
        guard let transaction = unsafe handle(pointer)?.object else { return LSEC_ERR_ARGUMENT }
        return transaction.context.run { () throws(Failure) in
            guard transaction.enter() else { throw Failure(LSEC_ERR_STATE, "another thread uses the transaction") }
            defer { transaction.leave() }
            return try body(transaction)
        }
    }

    /// What `body` reads, or `busy` for NULL and while another thread uses the transaction.
    static func read<Value>(_ pointer: OpaquePointer?, else busy: Value, _ body: (Transaction) -> Value) -> Value {
        guard let transaction = unsafe handle(pointer)?.object, transaction.enter() else { return busy }
        defer { transaction.leave() }
        return body(transaction)
    }

    private func enter() -> Bool { !isBusy.exchange(true, ordering: .acquiring) }

    private func leave() { isBusy.store(false, ordering: .releasing) }

    // MARK: The login

    /// Looks the account up and asks the first question.
    func begin() throws(Failure) {
        defer { store.close() }
        do throws(AuthenticationError) {
            _ = try login.begin()
        } catch {
            hasFailed = true
            throw Failure(error)
        }
    }

    /// Takes an answer.
    func answer(_ answer: borrowing Secret) throws(Failure) {
        guard !hasFailed, login.question != nil else { throw Failure(LSEC_ERR_STATE, "no question is open") }
        defer { store.close() }
        do throws(AuthenticationError) {
            _ = try login.answer(answer)
        } catch {
            hasFailed = true
            throw Failure(error)
        }
    }

    /// Where it stands.
    var step: lsec_step {
        guard !hasFailed, let step = login.step else { return LSEC_STEP_DENIED }
        switch step {
        case .ask(.password): return LSEC_STEP_ASK_PASSWORD
        case .ask(.code): return LSEC_STEP_ASK_CODE
        case .granted: return LSEC_STEP_GRANTED
        case .ignored: return LSEC_STEP_IGNORED
        case .denied: return LSEC_STEP_DENIED
        }
    }

    /// Why it was denied.
    var reason: lsec_reason {
        guard !hasFailed, case .denied(let reason) = login.step else { return LSEC_REASON_NONE }
        return lsec_reason(reason)
    }

    /// The account that was let in; nil as long as none was.
    var grantedAccount: Int64? {
        step == LSEC_STEP_GRANTED ? login.account?.id : nil
    }

    /// The line for the log.
    var auditLine: String {
        var record = AuditRecord(login)
        if hasFailed {
            record.verdict = "error"
            record.reason = "failed"
        }
        record.uid = request.callerUID
        record.terminal = request.terminal
        return record.line
    }
}
