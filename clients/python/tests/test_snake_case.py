import unittest

from tollgate._snake_case import snake_case, with_snake_case_keys


class SnakeCase(unittest.TestCase):
    def test_names_of_every_kind(self) -> None:
        for name, expected in {
            "footerPaymentMethods": "footer_payment_methods",
            "mainColor": "main_color",
            "logoUrl": "logo_url",
            "logoURL": "logo_url",
            "poId": "po_id",
            "useDefaultLogo": "use_default_logo",
            "headline": "headline",
            "already_there": "already_there",
            "ID": "id",
        }.items():
            with self.subTest(name):
                self.assertEqual(snake_case(name), expected)

    def test_every_level_changes_and_values_do_not(self) -> None:
        self.assertEqual(
            with_snake_case_keys({"aB": [{"cD": "eF"}, [{"gH": None}], 1.5], "iJ": {"kL": True}}),
            {"a_b": [{"c_d": "eF"}, [{"g_h": None}], 1.5], "i_j": {"k_l": True}},
        )

    def test_maps_of_somebodys_own_keep_their_keys(self) -> None:
        self.assertEqual(
            with_snake_case_keys({"metadata": {"campaignId": {"xY": 1}}, "extraFields": {"customField": "a"}}),
            {"metadata": {"campaignId": {"xY": 1}}, "extra_fields": {"customField": "a"}},
        )


if __name__ == "__main__":
    unittest.main()
