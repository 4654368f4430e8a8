using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ApiKeyAuth.Sqlite.Migrations
{
    /// <inheritdoc />
    internal partial class ListByOwner : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_ApiKeyAuthAlertDeliveries_NextAt",
                table: "ApiKeyAuthAlertDeliveries");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthKeys_TenantId_OwnerId_CreatedAt_Id",
                table: "ApiKeyAuthKeys",
                columns: new[] { "TenantId", "OwnerId", "CreatedAt", "Id" },
                descending: new[] { false, false, true, false });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAlertDeliveries_Target_NextAt",
                table: "ApiKeyAuthAlertDeliveries",
                columns: new[] { "Target", "NextAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_ApiKeyAuthKeys_TenantId_OwnerId_CreatedAt_Id",
                table: "ApiKeyAuthKeys");

            migrationBuilder.DropIndex(
                name: "IX_ApiKeyAuthAlertDeliveries_Target_NextAt",
                table: "ApiKeyAuthAlertDeliveries");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAlertDeliveries_NextAt",
                table: "ApiKeyAuthAlertDeliveries",
                column: "NextAt");
        }
    }
}
