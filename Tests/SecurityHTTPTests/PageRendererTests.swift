import Testing

@testable import SecurityHTTP

@Suite
struct PageRendererTests {
    @Test
    func `a page without a title has no empty heading and is named by its path`() throws {
        var page = PageModel(template: "", title: "")
        page.values["path"] = .text("/profile")
        let text = try render(page)
        #expect(!text.contains("<h1>"))
        #expect(text.contains("<title>/profile</title>"))
    }

    @Test
    func `a title is the heading and the name of the window`() throws {
        let text = try render(PageModel(template: "", title: "Login"))
        #expect(text.contains("<h1>Login</h1>"))
        #expect(text.contains("<title>Login</title>"))
    }

    @Test
    func `what a page shows is escaped`() throws {
        var page = PageModel(template: "", title: "<b>")
        page.flashes = [Flash(category: "error", text: "<script>")]
        let text = try render(page)
        #expect(!text.contains("<b>"))
        #expect(!text.contains("<script>"))
        #expect(text.contains("&lt;script&gt;"))
    }

    private func render(_ page: PageModel) throws -> String {
        try PageRenderer(folder: nil).render(page, stylesheet: "/style.css", menuTitle: "Menu")
    }
}
