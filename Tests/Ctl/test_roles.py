"""roles create, list, add, remove, add-permissions, remove-permissions."""

from harness import SiteTest


class Roles(SiteTest):
    def setUp(self):
        super().setUp()
        self.create("ann@example.org")

    def roles(self):
        return self.succeed("roles", "list", "--json").json

    def test_a_role_is_made_and_listed(self):
        result = self.succeed("roles", "create", "admin", "-d", "Administrators", "-p", "user-write, user-read")
        self.assertEqual(result.out, 'Role "admin" created successfully.\n')
        self.assertEqual(self.roles(), [
            {"name": "admin", "description": "Administrators", "permissions": ["user-read", "user-write"]}])
        (row,) = self.rows("SELECT * FROM role")
        self.assertEqual(row["permissions"], "user-read,user-write")
        self.assertIn("admin  Administrators  user-read,user-write\n", self.succeed("roles", "list").out)

    def test_a_role_needs_no_description_or_permissions(self):
        self.succeed("roles", "create", "staff")
        self.assertEqual(self.roles(), [{"name": "staff", "description": None, "permissions": []}])

    def test_names_are_unique_and_case_sensitive(self):
        self.succeed("roles", "create", "admin")
        self.fail_with(2, 'Role "admin" exists already', "roles", "create", "admin")
        self.succeed("roles", "create", "Admin")

    def test_a_role_is_added_and_removed_in_flask_securitys_words(self):
        self.succeed("roles", "create", "admin")
        self.assertEqual(self.succeed("roles", "add", "ann@example.org", "admin").out,
                         'Role "admin" added to user "ann@example.org" successfully.\n')
        self.fail_with(2, "Cannot add role to user.", "roles", "add", "ann@example.org", "admin")
        self.assertEqual(len(self.rows("SELECT * FROM roles_users")), 1)
        self.assertEqual(self.succeed("roles", "remove", "ann@example.org", "admin").out,
                         'Role "admin" removed from user "ann@example.org" successfully.\n')
        self.fail_with(2, "Cannot remove role from user.", "roles", "remove", "ann@example.org", "admin")
        self.assertEqual(self.rows("SELECT * FROM roles_users"), [])

    def test_permissions_come_and_go_under_both_names(self):
        self.succeed("roles", "create", "admin", "-p", "a")
        rows = [("add-permissions", "b,c", "added to", ["a", "b", "c"]), ("add_permissions", "c, d", "added to",
                ["a", "b", "c", "d"]), ("remove_permissions", "a,zzz", "removed from", ["b", "c", "d"]),
                ("remove-permissions", "b,c,d", "removed from", [])]
        for command, permissions, words, left in rows:
            result = self.succeed("roles", command, "admin", permissions)
            self.assertEqual(result.out, f'Permission(s) "{permissions}" {words} role "admin" successfully.\n')
            self.assertEqual(self.roles()[0]["permissions"], left)

    def test_unknown_users_and_roles_are_said_plainly(self):
        self.succeed("roles", "create", "admin")
        rows = [(["add", "bob@example.org", "admin"], "User not found."),
                (["remove", "bob@example.org", "admin"], "User not found."),
                (["add", "ann@example.org", "Admin"], "Cannot find role."),
                (["remove", "ann@example.org", "Admin"], "Cannot find role."),
                (["add-permissions", "nope", "a"], "Cannot find role."),
                (["remove-permissions", "nope", "a"], "Cannot find role.")]
        for arguments, text in rows:
            with self.subTest(arguments):
                self.fail_with(2, text, "roles", *arguments)

    def test_arguments_that_are_missing_are_usage_errors(self):
        for arguments in (["create"], ["add", "ann@example.org"], ["add-permissions", "admin"], ["create", ""]):
            with self.subTest(arguments):
                self.assertEqual(self.ctl("roles", *arguments).status, 2)
