"""What happens around the cases 系统与基础信息: identity, people, definitions, the installation."""

from webapp.domain.event import Event

# Identity and rights


class SignedIn(Event, kind="signed_in", scope="user"):
    """登录系统。"""


class SignInRefused(Event, kind="sign_in_refused", scope="system"):
    """登录未成功。"""


class SignedOut(Event, kind="signed_out", scope="user"):
    """退出登录。"""


class TokenIssued(Event, kind="token_issued", scope="user"):
    """签发了接口令牌。"""


class TokenRevoked(Event, kind="token_revoked", scope="user"):
    """收回了接口令牌。"""


class UserRegistered(Event, kind="user_registered", scope="user"):
    """登记了用户账号。"""


class UserDisabled(Event, kind="user_disabled", scope="user"):
    """停用了用户账号。"""


class PasswordChanged(Event, kind="password_changed", scope="user"):
    """更改了账号的密码。"""


class RoleProposed(Event, kind="role_proposed", scope="user"):
    """提出授予岗位角色，待第二人复核。"""


class RoleGranted(Event, kind="role_granted", scope="user"):
    """授予岗位角色。"""


class RoleRefused(Event, kind="role_refused", scope="user"):
    """授予岗位角色未予同意。"""


class RoleRevoked(Event, kind="role_revoked", scope="user"):
    """收回岗位角色。"""


class SubstituteNamed(Event, kind="substitute_named", scope="user"):
    """委托他人代理日常事项。"""


class SubstitutionEnded(Event, kind="substitution_ended", scope="user"):
    """结束了代理。"""


# People, units, master data


class MasterDataImported(Event, kind="master_data_imported", scope="system"):
    """导入了机构等基础信息。"""


class PersonImported(Event, kind="person_imported", scope="person"):
    """由任免审批表导入了人员信息。"""


class AppraisalRecorded(Event, kind="appraisal_recorded", scope="person"):
    """登记了年度考核结果。"""


class KinshipRecorded(Event, kind="kinship_recorded", scope="person"):
    """登记了亲属关系。"""


class KinshipProposed(Event, kind="kinship_proposed", scope="person"):
    """提出亲属关系的登记、更正或者撤销，待第二人确认。"""


class KinshipConfirmed(Event, kind="kinship_confirmed", scope="person"):
    """确认了亲属关系的登记、更正或者撤销。"""


class KinshipRefused(Event, kind="kinship_refused", scope="person"):
    """亲属关系的登记、更正或者撤销未予确认。"""


class PersonExported(Event, kind="person_exported", scope="person"):
    """导出了任免审批表。"""


class PostChanged(Event, kind="post_changed", scope="system"):
    """变更了职务或职数。"""


class QuotaRecorded(Event, kind="quota_recorded", scope="system"):
    """登记了职数或编制。"""


class CalendarChanged(Event, kind="calendar_changed", scope="policy"):
    """更新了节假日安排。"""


class PolicyProposed(Event, kind="policy_proposed", scope="policy"):
    """提出设定规则参数或者工作日历，待第二人复核。"""


class PolicyChanged(Event, kind="policy_changed", scope="policy"):
    """设定了规则参数。"""


class PolicyRefused(Event, kind="policy_refused", scope="policy"):
    """规则参数或者工作日历的设定未予同意。"""


# Definitions


class DraftDefinitionSaved(Event, kind="draft_definition_saved", scope="definition"):
    """保存了流程草稿。"""


class DraftDefinitionDiscarded(Event, kind="draft_definition_discarded", scope="definition"):
    """删除了流程草稿。"""


class DeploymentProposed(Event, kind="deployment_proposed", scope="definition"):
    """提出发布流程，待第二人复核。"""


class DefinitionDeployed(Event, kind="definition_deployed", scope="definition"):
    """发布了流程版本。"""


class DeploymentRejected(Event, kind="deployment_rejected", scope="definition"):
    """流程发布未予同意。"""


class DeploymentWithdrawn(Event, kind="deployment_withdrawn", scope="definition"):
    """撤回了流程发布申请。"""


class DefinitionSwitchProposed(Event, kind="definition_switch_proposed", scope="definition"):
    """提出暂停、恢复流程的启动或者删除版本，待第二人复核。"""


class DefinitionSwitchRefused(Event, kind="definition_switch_refused", scope="definition"):
    """流程启停或者删除版本的申请未予同意。"""


class DefinitionSuspended(Event, kind="definition_suspended", scope="definition"):
    """暂停了流程的启动。"""


class DefinitionActivated(Event, kind="definition_activated", scope="definition"):
    """恢复了流程的启动。"""


class DefinitionRemoved(Event, kind="definition_removed", scope="definition"):
    """删除了从未办理过的流程版本。"""


class VersionChangeProposed(Event, kind="version_change_proposed", scope="definition"):
    """提出在办流程换用新版本，待第二人复核。"""


class VersionChangeRefused(Event, kind="version_change_refused", scope="definition"):
    """在办流程换版未予同意。"""


class VersionChangeAgreed(Event, kind="version_change_agreed", scope="definition"):
    """复核同意在办流程换版。"""


class VersionChangeDone(Event, kind="version_change_done", scope="definition"):
    """在办流程换版办理完毕。"""


class SignalBroadcast(Event, kind="signal_broadcast", scope="system"):
    """向等待的流程发出了信号。"""


# Running the installation


class JobRun(Event, kind="job_run", scope="system"):
    """办理了到期事项。"""


class ExternalTasksFetched(Event, kind="external_tasks_fetched", scope="user"):
    """外部程序领取了外部任务。"""


class IncidentRaised(Event, kind="incident_raised", scope="system"):
    """登记了流程异常。"""


class IncidentResolved(Event, kind="incident_resolved", scope="system"):
    """处理了流程异常。"""


class ClockAdvanced(Event, kind="clock_advanced", scope="system"):
    """演示时钟向前拨动。"""


class Read(Event, kind="read", scope="user"):
    """查阅了个人信息。"""


class Exported(Event, kind="exported", scope="user"):
    """导出了数据。"""


class HistoryVerified(Event, kind="history_verified", scope="system"):
    """校验了记录完整性。"""


class BackupMade(Event, kind="backup_made", scope="system"):
    """建立了备份。"""


class DemoSeeded(Event, kind="demo_seeded", scope="system"):
    """载入了演示数据。"""
