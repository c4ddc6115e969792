"""How sample data are distributed: shares measured in a real lead list and a real pipeline; all names are made up."""

from __future__ import annotations

from towpath.service.sample_draws import Quantiles, Weighted

ORIGINS = Weighted(("Landing Page Submission", 529), ("API", 387), ("Lead Add Form", 78), ("Lead Import", 6))
SOURCES = {
    "Landing Page Submission": Weighted(
        ("Direct Traffic", 470), ("Google", 370), ("Organic Search", 135), ("Referral Sites", 20), ("", 5)
    ),
    "API": Weighted(("Live Chat", 480), ("Google", 290), ("Organic Search", 150), ("Direct Traffic", 75), ("", 5)),
    "Lead Add Form": Weighted(("Reference", 760), ("Partner Website", 210), ("Google", 20), ("", 10)),
    "Lead Import": Weighted(("Facebook", 100)),
}
WITHOUT_VISIT = {"Live Chat": 0.9, "Reference": 0.95, "Partner Website": 0.9, "Facebook": 0.9}
SECONDS_ON_SITE = Quantiles((0, 1), (0.05, 20), (0.34, 248), (0.67, 936), (0.87, 1380), (0.935, 1562), (1, 2270))
VISITS = Weighted(
    ("1", 6), ("2", 24), ("3", 19), ("4", 16), ("5", 11), ("6", 7), ("7", 4.4), ("8", 3.2), ("9", 2.3), ("10", 1.6),
    ("11", 1.2), ("13", 1), ("15", 0.7), ("17", 0.5), ("20", 0.3), ("", 1.9),
)  # fmt: skip
COUNTRIES = Weighted(
    ("India", 703), ("", 266), ("United States", 8), ("United Arab Emirates", 6), ("Singapore", 3),
    ("Saudi Arabia", 3), ("United Kingdom", 3), ("Australia", 2), ("Germany", 2),
)  # fmt: skip
CITIES = Weighted(
    ("Mumbai", 349), ("Select", 243), ("", 154), ("Thane & Outskirts", 81), ("Other Cities", 82), ("Pune", 50),
    ("Other Metro Cities", 41),
)  # fmt: skip
SPECIALIZATIONS = Weighted(
    ("Select", 210), ("", 156), ("Finance Management", 106), ("Human Resource Management", 92),
    ("Marketing Management", 91), ("Operations Management", 55), ("Business Administration", 44),
    ("IT Projects Management", 40), ("Supply Chain Management", 38), ("Banking and Insurance", 37),
    ("Media and Advertising", 22), ("Travel and Tourism", 22), ("International Business", 20),
    ("Healthcare Management", 17), ("Hospitality Management", 12), ("Retail Management", 11),
)  # fmt: skip
OCCUPATIONS = Weighted(
    ("Unemployed", 606), ("", 291), ("Working Professional", 76), ("Student", 23), ("Other", 2), ("Housewife", 1),
    ("Businessman", 1),
)  # fmt: skip
HEARD_OF_US = Weighted(
    ("Select", 546), ("", 239), ("Online Search", 88), ("Word Of Mouth", 38), ("Student of SomeSchool", 34),
    ("Other", 20), ("Multiple Sources", 17), ("Advertisements", 8), ("Social Media", 7), ("Email", 3),
)  # fmt: skip
LAST_ACTIVITIES = Weighted(
    ("Email Opened", 372), ("SMS Sent", 297), ("Chat Conversation", 105), ("Page Visited on Website", 70),
    ("Converted to Lead", 46), ("Email Bounced", 35), ("Email Link Clicked", 29), ("Form Submitted on Website", 13),
    ("", 11), ("Unreachable", 10), ("Unsubscribed", 7), ("Had a Phone Conversation", 5),
)  # fmt: skip
TAGS_WON = Weighted(("Will revert after reading the email", 560), ("", 300), ("Closed", 100), ("Ringing", 40))
TAGS_LOST = Weighted(("", 403), ("Ringing", 206), ("Interested in other courses", 90), ("Already a student", 82),
                     ("switched off", 42), ("Busy", 25), ("invalid number", 15))  # fmt: skip
QUALITIES = Weighted(("", 516), ("Might be", 169), ("Not Sure", 118), ("High in Relevance", 69), ("Worst", 65),
                     ("Low in Relevance", 63))  # fmt: skip
PROFILES = Weighted(("Select", 449), ("", 293), ("Potential Lead", 175), ("Other Leads", 53), ("Lateral Student", 30))
INDEXES = Weighted(("", 456), ("02.Medium", 415), ("01.High", 90), ("03.Low", 39))

STAGES = Weighted(("Won", 482), ("Lost", 281), ("Engaging", 181), ("Prospecting", 56))
PRODUCTS = Weighted(
    (("Sluice 100", 550), 212), (("Latch Mini", 55), 188), (("Sluice Pro", 4821), 168), (("Latch Max", 3393), 160),
    (("Sluice 200", 1096), 157), (("Sluice 200 Pro", 5482), 110), (("Gate 500", 26768), 5),
)  # fmt: skip
SHARE_OF_PRICE = Quantiles((0, 0.66), (0.05, 0.83), (0.25, 0.93), (0.5, 1.0), (0.75, 1.06), (0.95, 1.16), (1, 1.34))
DAYS_TO_WIN = Quantiles((0, 1), (0.05, 2), (0.25, 9), (0.5, 57), (0.75, 88), (0.95, 116), (1, 138))
DAYS_TO_LOSE = Quantiles((0, 1), (0.05, 1), (0.25, 7), (0.5, 14), (0.75, 79), (0.95, 110), (1, 138))
SECTORS = Weighted(
    ("retail", 17), ("technology", 12), ("medical", 12), ("marketing", 8), ("finance", 8), ("software", 7),
    ("entertainment", 6), ("telecommunications", 6), ("services", 5), ("employment", 4),
)  # fmt: skip
OFFICES = Weighted(("United States", 71), ("Kenya", 2), ("Japan", 2), ("Norway", 2), ("Germany", 2), ("Brazil", 2))
REGIONS = ("Central", "East", "West")

FIRST_NAMES = (
    "Ada", "Ben", "Chen", "Dora", "Emil", "Fatou", "Gita", "Hugo", "Iris", "Jon", "Kaya", "Lars", "Mei", "Nils", "Olga",
    "Pia", "Quentin", "Rosa", "Sven", "Tara", "Uma", "Vera", "Wen", "Xenia", "Yusuf", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Larch", "Maple", "Oak",
    "Pine", "Rowan", "Sorrel", "Thorn", "Willow", "Yew",
)  # fmt: skip
COMPANY_STARTS = ("Alta", "Bel", "Cor", "Dun", "Eri", "Fal", "Gran", "Hal", "Ister", "Jun", "Kel", "Lum", "Mor", "Nor")
COMPANY_ENDS = ("bridge", "dale", "field", "gate", "lock", "mere", "port", "quay", "tow", "weir")

SUBJECTS = Weighted(
    (("Cannot sign in", "Account"), 22), (("Invoice is wrong", "Billing"), 16), (("Export is slow", "Product"), 14),
    (("Data are missing", "Product"), 11), (("How do I add a user?", "Question"), 20),
    (("Delivery is late", "Order"), 9), (("Device does not start", "Hardware"), 8),
)  # fmt: skip
LEVELS = Weighted(("Low", 35), ("Medium", 45), ("High", 20))
CASE_ORIGINS = Weighted(("Email", 45), ("Web", 25), ("Phone", 18), ("Chat", 12))
CAMPAIGNS = (("First steps", "Webinar"), ("Spring offer", "Email"), ("Meet us at the lock", "Event"))
