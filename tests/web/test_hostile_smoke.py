def test_smoke(any_site):
    site = any_site
    case = site.open_case()
    assert site.as_("ganbu1").get("/inbox").status_code == 200
    assert site.as_("ganbu1").get(f"/cases/{case}").status_code == 200
    t = site.task(case, "assess")
    assert site.as_("ganbu1").post(f"/tasks/{t}/claim").status_code == 303
    assert site.as_("ganbu1").post(f"/tasks/{t}/claim", token=False).status_code == 400
    assert site.visitor().get("/inbox").status_code == 303
def test_smoke2(site):
    assert site.as_(site.second_committee()).get("/cases/" + site.open_case()).status_code == 404
def test_smoke3(site): pass
def test_smoke4(site): pass
